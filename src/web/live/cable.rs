//! `/cable`: the socket of `@hotwired/turbo-rails` and of `@anycable/web`, a thin shell around the
//! protocol's machine.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use super::leaving;
use super::opening::{BEAT, BEATS_BETWEEN_CHECKS, Opened, SLOWEST, beats, must_be_ours, sized};
use crate::domain::Result as Found;
use crate::live::budget::Budget;
use crate::live::cable::{Cable, Dialect, NOTHING, Step};
use crate::live::sockets::Socket;
use crate::live::{Credential, Cursor, Following, Frame, Hub, Name, Refreshes, Subscription, Told};
use crate::values::clock;
use crate::values::secret::random;
use crate::web::client::Client;
use crate::web::error::Error;
use crate::web::state::App;

pub(super) async fn connect(
    State(app): State<App>,
    axum::Extension(client): axum::Extension<Client>,
    headers: HeaderMap,
    Opened(credential): Opened,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Error> {
    must_be_ours(&client, &headers)?;
    let hub = app.hub.clone();
    let upgrade = sized(upgrade.protocols(Dialect::PROTOCOLS));
    let agreed = upgrade.selected_protocol().and_then(|protocol| protocol.to_str().ok());
    let Some(dialect) = agreed.and_then(Dialect::of) else {
        let words = "This socket speaks actioncable-v1-json and actioncable-v1-ext-json.";
        return Err(Error::refused(StatusCode::BAD_REQUEST, words));
    };
    let answer = upgrade.on_upgrade(move |socket| async move {
        let Some(credential) = credential else { return send_away(socket, "unauthorized").await };
        let following = Following::new(hub.clone(), credential.clone());
        match hub.sockets().open(&credential, following.bell()) {
            Some(open) => {
                Connection::new(hub, credential, dialect, following, socket, open).run().await;
            }
            None => send_away(socket, "too_many_sockets").await,
        }
    });
    Ok(answer.into_response())
}

/// Strangers are told so over the socket: to the client an HTTP error is a bad network, which it
/// would try again for ever.
async fn send_away(mut socket: WebSocket, reason: &str) {
    let goodbye = Cable::disconnect(reason, false);
    let _ = timeout(BEAT, socket.send(Message::Text(goodbye.into()))).await;
    let _ = timeout(BEAT, socket.send(Message::Close(None))).await;
}

/// A subscription as its client knows it, and as it stands in every message.
#[derive(Debug, PartialEq, Eq)]
struct Label {
    identifier: String,
    escaped: String,
    stream_id: String,
}

impl Label {
    fn new(identifier: &str, name: &Name) -> Arc<Self> {
        let escaped = serde_json::Value::from(identifier).to_string();
        Arc::new(Self { identifier: identifier.to_owned(), escaped, stream_id: name.stream_id() })
    }
}

struct Connection {
    hub: Hub,
    credential: Credential,
    cable: Cable,
    following: Following<Arc<Label>>,
    socket: WebSocket,
    open: Socket,
    budget: Budget,
    refreshes: Refreshes,
}

/// The connection goes on, or is over.
type Flow = ControlFlow<()>;

impl Connection {
    fn new(
        hub: Hub,
        credential: Credential,
        dialect: Dialect,
        following: Following<Arc<Label>>,
        socket: WebSocket,
        open: Socket,
    ) -> Self {
        let (cable, budget) = (Cable::new(dialect), Budget::new(Instant::now()));
        let refreshes = Refreshes::default();
        Self { hub, credential, cable, following, socket, open, budget, refreshes }
    }

    async fn run(mut self) {
        let welcome = self.cable.welcome(&hex::encode(random::<8>()));
        if self.send(welcome).await.is_continue() {
            self.converse().await;
        }
    }

    async fn converse(&mut self) {
        let (mut beat, bell) = (beats(), Arc::clone(self.following.bell()));
        let mut closing = pin!(self.hub.closing().cancelled_owned());
        let (mut beats, mut leave_at) = (0_u32, None);
        loop {
            let flow = tokio::select! {
                // What the client says is heard in order, and before it is told more.
                biased;
                () = leaving::at(leave_at) => self.leave("server_restart", true).await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    // No message at all, or one without end: a client that is not told so would
                    // come back and say it again.
                    Some(Err(_)) => self.leave("invalid_request", false).await,
                    None => Flow::Break(()),
                },
                () = bell.notified() => self.tell().await,
                () = &mut closing, if leave_at.is_none() => {
                    leave_at = Some(self.hub.moment_to_leave());
                    Flow::Continue(())
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
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return self.leave("invalid_request", false).await,
            Message::Close(_) => return Flow::Break(()),
            Message::Ping(_) | Message::Pong(_) => return Flow::Continue(()),
        };
        if !self.budget.spend(text.len(), Instant::now()) {
            return self.leave("too_many_requests", false).await;
        }
        for step in self.cable.receive(&text) {
            self.take(step).await?;
        }
        Flow::Continue(())
    }

    async fn take(&mut self, step: Step) -> Flow {
        match step {
            Step::Send(text) => self.send(text).await,
            Step::Authorize { identifier, signed_name, positions } => {
                // Boxed, as all that asks the database: a connection that rests takes no room for it.
                Box::pin(self.subscribe(identifier, &signed_name, &positions)).await
            }
            Step::Forget { identifier } => {
                let label = self.label(&identifier);
                label.inspect(|label| self.following.forget(label));
                Flow::Continue(())
            }
            Step::Close => self.close().await,
        }
    }

    fn label(&self, identifier: &str) -> Option<Arc<Label>> {
        self.following.keys().find(|label| label.identifier == identifier).cloned()
    }

    async fn join(
        &mut self,
        signed: &str,
        positions: &HashMap<String, Cursor>,
    ) -> Found<Option<Subscription>> {
        let Some(name) = self.hub.verified(signed) else { return Ok(None) };
        match positions.get(&name.stream_id()) {
            Some(position) => self.following.rejoin(name.advanced(position)).await,
            None => self.following.rejoin(name).await,
        }
    }

    async fn subscribe(
        &mut self,
        identifier: String,
        signed: &str,
        positions: &HashMap<String, Cursor>,
    ) -> Flow {
        let found = self.join(signed, positions).await;
        match (&found, self.hub.verified(signed)) {
            (Ok(None), Some(name)) => self.refuse(&identifier, &name).await,
            _ => self.answer(identifier, found).await,
        }
    }

    /// A name of ours that is no longer theirs: their page is from before they lost it, and loads
    /// itself anew. It listens only to what was confirmed.
    async fn refuse(&mut self, identifier: &str, name: &Name) -> Flow {
        let confirmed = self.cable.confirm(identifier);
        self.say(confirmed).await?;
        self.lose(&Label::new(identifier, name)).await
    }

    /// Confirms first: the client’s clock runs, and what was missed may take a moment to write.
    async fn answer(&mut self, identifier: String, found: Found<Option<Subscription>>) -> Flow {
        let subscription = match found {
            Ok(Some(subscription)) => subscription,
            Ok(None) => {
                let rejected = self.cable.reject(&identifier);
                return self.say(rejected).await;
            }
            Err(error) => return self.fail(&error).await,
        };
        let confirmed = self.cable.confirm(&identifier);
        self.say(confirmed).await?;
        let label = Label::new(&identifier, &subscription.name);
        let sequence = subscription.name.cursor.sequence;
        let missed = match self.following.follow(Arc::clone(&label), subscription).await {
            Ok(missed) => missed,
            Err(error) => return self.fail(&error).await,
        };
        let nothing = self.cable.tells_positions().then(|| Frame::new(sequence, NOTHING));
        if let Some(frame) = missed.or(nothing) {
            self.deliver(&label, &frame).await?;
        }
        match self.cable.caught_up(&identifier) {
            Some(step) => self.say(step).await,
            None => Flow::Continue(()),
        }
    }

    /// What is not known now may be known soon: the client comes back with the same names.
    async fn fail(&mut self, error: &crate::domain::Error) -> Flow {
        tracing::warn!(%error, "a subscription could not be looked up");
        self.leave("remote", true).await
    }

    /// Tells all that there is to tell.
    async fn tell(&mut self) -> Flow {
        if self.open.is_revoked() {
            return self.leave("unauthorized", false).await;
        }
        loop {
            match self.following.next().await {
                Ok(None) => return Flow::Continue(()),
                Ok(Some((label, Told::Lost))) => self.lose(&label).await?,
                Ok(Some((label, Told::Frame(frame)))) => self.deliver(&label, &frame).await?,
                Err(error) => return self.fail(&error).await,
            }
        }
    }

    async fn deliver(&mut self, label: &Arc<Label>, frame: &Frame) -> Flow {
        self.refreshes.sent(frame);
        self.put(label, frame).await
    }

    async fn put(&mut self, label: &Arc<Label>, frame: &Frame) -> Flow {
        let epoch = self.following.name(label).map_or("", |name| &name.cursor.epoch);
        let message = self.cable.message(&label.escaped, frame, (&label.stream_id, epoch));
        self.send(message).await
    }

    /// Ends a subscription that was good until now. The page is asked to load itself anew: it may
    /// not have been told yet why it lost what it follows.
    async fn lose(&mut self, label: &Arc<Label>) -> Flow {
        self.following.forget(label);
        self.deliver(label, &Frame::refresh(0)).await?;
        let rejected = self.cable.reject(&label.identifier);
        self.say(rejected).await
    }

    async fn beat(&mut self, beats: u32) -> Flow {
        if beats.is_multiple_of(BEATS_BETWEEN_CHECKS) {
            Box::pin(self.check()).await?;
        }
        if self.refreshes.beat() && self.cable.keeps_subscriptions() {
            self.refresh_again().await?;
        }
        self.send(Cable::ping(clock::now().unix_timestamp())).await
    }

    async fn refresh_again(&mut self) -> Flow {
        let Some(label) = self.following.keys().next().cloned() else {
            return Flow::Continue(());
        };
        let at = self.following.name(&label).map_or(0, |name| name.cursor.sequence);
        self.put(&label, &Frame::refresh(at)).await
    }

    async fn check(&mut self) -> Flow {
        let good = self.credential.is_good(self.hub.log().pool()).await;
        let lost = match good {
            Ok(false) => return self.leave("unauthorized", false).await,
            Ok(true) => self.following.lost().await,
            Err(error) => Err(error),
        };
        match lost {
            Ok(lost) => {
                for label in lost {
                    self.lose(&label).await?;
                }
            }
            // Not knowing is no reason to send anybody away.
            Err(error) => tracing::debug!(%error, "what a socket follows could not be looked up"),
        }
        Flow::Continue(())
    }

    async fn leave(&mut self, reason: &str, reconnect: bool) -> Flow {
        let _ = self.send(Cable::disconnect(reason, reconnect)).await;
        self.close().await
    }

    async fn close(&mut self) -> Flow {
        let _ = timeout(BEAT, self.socket.send(Message::Close(None))).await;
        Flow::Break(())
    }

    async fn say(&mut self, step: Step) -> Flow {
        match step {
            Step::Send(text) => self.send(text).await,
            _ => Flow::Continue(()),
        }
    }

    async fn send(&mut self, text: String) -> Flow {
        match timeout(SLOWEST, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Flow::Continue(()),
            Ok(Err(_)) => Flow::Break(()),
            Err(_) => {
                metrics::counter!("cairn_live_slow_clients").increment(1);
                Flow::Break(())
            }
        }
    }
}
