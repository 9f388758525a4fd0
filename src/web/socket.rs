//! `/cable`: the socket of `@hotwired/turbo-rails`, a thin shell around the protocol's machine.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, State};
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use futures_util::stream::{
    AbortHandle, SelectAll, Stream, StreamExt as _, abortable, once, unfold,
};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::client::Client;
use super::error::Error;
use super::route::Route;
use super::state::App;
use super::viewer::Visitor;
use crate::live::cable::{Cable, PROTOCOL, Step};
use crate::live::hub::Frame;
use crate::live::{Credential, Hub, Name, Subscription};
use crate::values::clock;
use crate::values::secret::Secret;

/// How often the client is told that the connection lives (Action Cable's own beat).
const BEAT: Duration = Duration::from_secs(3);

/// After so many beats it is asked whether they are still signed in.
const BEATS_BETWEEN_CHECKS: u32 = 5;

/// A client that takes nothing for so long is let go.
const SLOWEST: Duration = Duration::from_secs(30);

/// The largest message that a client sends, in bytes.
const LARGEST: usize = 64 * 1024;

/// The buffer that each connection reads into: the default would cost 128 KiB a watcher.
const READ_BUFFER: usize = 4 * 1024;

/// The routes of the sockets.
pub const ROUTES: &[Route] = &[Route::system("/cable", &[], |method| on(method, connect))];

/// With what a socket is opened: the cookie of a browser, or a bearer token; or nothing.
struct Opened(Option<Credential>);

impl FromRequestParts<App> for Opened {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let bearer = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            return Ok(Self(Some(Credential::Token(Secret::new(token)))));
        }
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Ok(Self(visitor.sign_in.map(Credential::SignIn)))
    }
}

async fn connect(
    State(app): State<App>,
    axum::Extension(client): axum::Extension<Client>,
    headers: HeaderMap,
    Opened(credential): Opened,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Error> {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    if origin.is_some_and(|origin| origin != client.origin) {
        return Err(Error::refused(StatusCode::FORBIDDEN, "This socket is for Cairn’s own pages."));
    }
    let credential = match credential {
        Some(credential) if credential.is_good(app.pool()).await? => Some(credential),
        _ => None,
    };
    let hub = app.hub.clone();
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST);
    if upgrade.selected_protocol().is_none() {
        return Err(Error::refused(
            StatusCode::BAD_REQUEST,
            "This socket speaks actioncable-v1-json.",
        ));
    }
    Ok(upgrade
        .on_upgrade(move |socket| async move {
            match credential {
                Some(credential) => Connection::new(hub, credential, socket).run().await,
                None => send_away(socket).await,
            }
        })
        .into_response())
}

/// Strangers are told so over the socket: to the client an HTTP error is a bad network, which it
/// would try again for ever.
async fn send_away(mut socket: WebSocket) {
    let goodbye = Cable::disconnect("unauthorized", false);
    let _ = timeout(BEAT, socket.send(Message::Text(goodbye.into()))).await;
    let _ = timeout(BEAT, socket.send(Message::Close(None))).await;
}

/// What comes to a connection from one of its subscriptions.
enum Delivery {
    Frame(Frame),
    /// It fell behind, or the log is another one; the subscription goes on from this name.
    Behind(Name),
}

type Deliveries = Pin<Box<dyn Stream<Item = (String, Delivery)> + Send>>;

struct Connection {
    hub: Hub,
    credential: Credential,
    socket: WebSocket,
    cable: Cable,
    deliveries: SelectAll<Deliveries>,
    followed: HashMap<String, Followed>,
}

/// What one subscription is to, and how to end it.
struct Followed {
    name: Name,
    handle: AbortHandle,
}

/// The connection goes on, or is over.
type Flow = ControlFlow<()>;

impl Connection {
    fn new(hub: Hub, credential: Credential, socket: WebSocket) -> Self {
        let (cable, deliveries) = (Cable::default(), SelectAll::new());
        Self { hub, credential, socket, cable, deliveries, followed: HashMap::new() }
    }

    async fn run(mut self) {
        metrics::gauge!("cairn_live_sockets").increment(1);
        if self.send(Cable::welcome()).await.is_continue() {
            self.converse().await;
        }
        metrics::gauge!("cairn_live_sockets").decrement(1);
    }

    async fn converse(&mut self) {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let closing = self.hub.closing();
        let mut beats = 0_u32;
        loop {
            let flow = tokio::select! {
                // What the client says is heard in order, and before it is told more.
                biased;
                () = closing.cancelled() => self.leave("server_restart", true).await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    _ => Flow::Break(()),
                },
                Some((identifier, delivery)) = self.deliveries.next() => {
                    self.deliver(identifier, delivery).await
                }
                _ = beat.tick() => {
                    beats += 1;
                    self.beat(beats).await
                }
            };
            if flow.is_break() {
                return;
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Flow {
        let steps = match message {
            Message::Text(text) => self.cable.receive(&text),
            Message::Binary(_) => return self.leave("invalid_request", false).await,
            Message::Close(_) => return Flow::Break(()),
            Message::Ping(_) | Message::Pong(_) => return Flow::Continue(()),
        };
        for step in steps {
            self.take(step).await?;
        }
        Flow::Continue(())
    }

    async fn take(&mut self, step: Step) -> Flow {
        match step {
            Step::Send(text) => self.send(text).await,
            Step::Authorize { identifier, signed_name } => {
                let found = self.hub.subscribe(&self.credential, &signed_name).await;
                self.answer(identifier, found).await
            }
            Step::Forget { identifier } => {
                self.forget(&identifier);
                Flow::Continue(())
            }
            Step::Close => Flow::Break(()),
        }
    }

    /// Confirms first: the client’s clock runs, and what was missed may take a moment to write.
    async fn answer(
        &mut self,
        identifier: String,
        found: crate::domain::Result<Option<Subscription>>,
    ) -> Flow {
        match found {
            Ok(Some(subscription)) => {
                let confirmed = self.cable.confirm(&identifier);
                if let Step::Send(text) = confirmed {
                    self.send(text).await?;
                }
                self.follow(identifier, subscription).await
            }
            Ok(None) => match self.cable.reject(&identifier) {
                Step::Send(text) => self.send(text).await,
                _ => Flow::Continue(()),
            },
            Err(error) => self.fail(&error).await,
        }
    }

    /// What is not known now may be known soon: the client comes back with the same names.
    async fn fail(&mut self, error: &crate::domain::Error) -> Flow {
        tracing::warn!(%error, "a subscription could not be looked up");
        self.leave("remote", true).await
    }

    async fn follow(&mut self, identifier: String, subscription: Subscription) -> Flow {
        metrics::counter!("cairn_live_subscriptions").increment(1);
        let missed = match self.hub.missed(&subscription).await {
            Ok(missed) => missed,
            Err(error) => return self.fail(&error).await,
        };
        let name = subscription.name.clone();
        let (stream, handle) = abortable(deliveries(identifier.clone(), missed, subscription));
        self.deliveries.push(Box::pin(stream));
        if let Some(former) = self.followed.insert(identifier, Followed { name, handle }) {
            former.handle.abort();
        }
        Flow::Continue(())
    }

    fn forget(&mut self, identifier: &str) {
        if let Some(followed) = self.followed.remove(identifier) {
            followed.handle.abort();
        }
    }

    async fn deliver(&mut self, identifier: String, delivery: Delivery) -> Flow {
        match delivery {
            Delivery::Frame(frame) => {
                let escaped = serde_json::Value::from(identifier).to_string();
                self.send(Cable::message(&escaped, &frame.fragment)).await
            }
            Delivery::Behind(name) => {
                let found = self.hub.resume(&self.credential, name).await;
                self.answer_again(identifier, found).await
            }
        }
    }

    async fn answer_again(
        &mut self,
        identifier: String,
        found: crate::domain::Result<Option<Subscription>>,
    ) -> Flow {
        match found {
            Ok(Some(subscription)) => self.follow(identifier, subscription).await,
            Ok(None) => self.lose(&identifier).await,
            Err(error) => self.fail(&error).await,
        }
    }

    async fn beat(&mut self, beats: u32) -> Flow {
        if beats.is_multiple_of(BEATS_BETWEEN_CHECKS) {
            match self.credential.is_good(self.hub.log().pool()).await {
                Ok(false) => return self.leave("unauthorized", false).await,
                Ok(true) => self.drop_lost().await?,
                // Not knowing is no reason to send anybody away.
                Err(error) => tracing::debug!(%error, "a socket’s sign-in could not be looked up"),
            }
        }
        self.send(Cable::ping(clock::now().unix_timestamp())).await
    }

    /// Ends the subscriptions to what they do not see any more.
    async fn drop_lost(&mut self) -> Flow {
        let names: Vec<&Name> = self.followed.values().map(|followed| &followed.name).collect();
        let lost: Vec<Name> = match self.hub.lost(&self.credential, &names).await {
            Ok(lost) => lost.into_iter().cloned().collect(),
            Err(error) => {
                tracing::debug!(%error, "what a socket follows could not be looked up");
                return Flow::Continue(());
            }
        };
        let identifiers: Vec<String> = self
            .followed
            .iter()
            .filter(|(_, followed)| lost.contains(&followed.name))
            .map(|(identifier, _)| identifier.clone())
            .collect();
        for identifier in identifiers {
            self.lose(&identifier).await?;
        }
        Flow::Continue(())
    }

    /// Ends a subscription that was good until now. The page is asked to load itself anew: it may
    /// not have been told yet why it lost what it follows.
    async fn lose(&mut self, identifier: &str) -> Flow {
        self.forget(identifier);
        let escaped = serde_json::Value::from(identifier).to_string();
        self.send(Cable::message(&escaped, &Frame::refresh().fragment)).await?;
        match self.cable.reject(identifier) {
            Step::Send(text) => self.send(text).await,
            _ => Flow::Continue(()),
        }
    }

    async fn leave(&mut self, reason: &str, reconnect: bool) -> Flow {
        let _ = self.send(Cable::disconnect(reason, reconnect)).await;
        let _ = timeout(BEAT, self.socket.send(Message::Close(None))).await;
        Flow::Break(())
    }

    async fn send(&mut self, text: String) -> Flow {
        match timeout(SLOWEST, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Flow::Continue(()),
            _ => Flow::Break(()),
        }
    }
}

/// What was missed, and then what comes; it ends when the subscription has fallen behind.
fn deliveries(
    identifier: String,
    missed: Option<Frame>,
    Subscription { name, frames, .. }: Subscription,
) -> impl Stream<Item = (String, Delivery)> {
    let identifier = Arc::new(identifier);
    let first = missed.map(|frame| ((*identifier).clone(), Delivery::Frame(frame)));
    let rest = unfold(Some((identifier, name, frames)), async |state| {
        let (identifier, mut name, mut frames) = state?;
        match frames.recv().await {
            Ok(frame) => {
                name.cursor.sequence = frame.sequence;
                let delivery = ((*identifier).clone(), Delivery::Frame(frame));
                Some((delivery, Some((identifier, name, frames))))
            }
            Err(RecvError::Lagged(_) | RecvError::Closed) => {
                Some((((*identifier).clone(), Delivery::Behind(name)), None))
            }
        }
    });
    once(async { first }).filter_map(async |first| first).chain(rest)
}
