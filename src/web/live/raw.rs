//! `/live`: Turbo's own `<turbo-stream-source>` over WebSocket; every message is a fragment.
//!
//! That element opens its socket once and never again. A server that stops therefore has the page
//! put another element in its place, which opens another socket, elsewhere by then.

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use super::leaving;
use super::opening::{
    BEAT, BEATS_BETWEEN_CHECKS, Opened, SLOWEST, beats, must_be_ours, names, signed_out, sized,
    too_many,
};
use crate::live::budget::Budget;
use crate::live::sockets::Socket;
use crate::live::{Following, Frame, Hub, Refreshes, Told};
use crate::views::stream;
use crate::web::client::Client;
use crate::web::error::Error;
use crate::web::state::App;

/// After so many beats the client is pinged: its browser answers by itself.
const BEATS_BETWEEN_PINGS: u32 = 5;

pub(super) async fn connect(
    State(app): State<App>,
    axum::Extension(client): axum::Extension<Client>,
    headers: HeaderMap,
    Opened(credential): Opened,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Error> {
    must_be_ours(&client, &headers)?;
    let credential = credential.ok_or_else(signed_out)?;
    let hub = app.hub.clone();
    let following = Following::new(hub.clone(), credential.clone());
    let open = hub.sockets().open(&credential, following.bell()).ok_or_else(too_many)?;
    let (names, origin) = (names(query.as_deref()), client.origin.clone());
    let answer = sized(upgrade).on_upgrade(move |socket| async move {
        let (budget, refreshes) = (Budget::new(Instant::now()), Refreshes::default());
        let connection = Connection { hub, following, socket, open, budget, refreshes, origin };
        connection.run(names).await;
    });
    Ok(answer.into_response())
}

struct Connection {
    hub: Hub,
    following: Following<Arc<str>>,
    socket: WebSocket,
    open: Socket,
    budget: Budget,
    refreshes: Refreshes,
    /// Where the page sees this server.
    origin: String,
}

/// The connection goes on, or is over.
type Flow = ControlFlow<()>;

impl Connection {
    async fn run(mut self, names: Vec<String>) {
        for name in names {
            if self.follow(&name).await.is_break() {
                return;
            }
        }
        self.converse().await;
    }

    /// The element has no ear for a refusal: a name of ours that may not be followed any more has the
    /// page load itself anew, and what is no name of ours is passed over.
    async fn follow(&mut self, signed: &str) -> Flow {
        let missed = match self.following.join(signed).await {
            Ok(Some(subscription)) => self.following.follow(signed.into(), subscription).await,
            Ok(None) => Ok(self.hub.verified(signed).map(|_| Frame::refresh(0))),
            Err(error) => Err(error),
        };
        match missed {
            Ok(Some(frame)) => self.send(&frame).await,
            Ok(None) => Flow::Continue(()),
            Err(error) => self.fail(&error),
        }
    }

    fn fail(&self, error: &crate::domain::Error) -> Flow {
        tracing::warn!(%error, "a stream could not be looked up");
        Flow::Break(())
    }

    async fn converse(&mut self) {
        let (mut beat, bell) = (beats(), Arc::clone(self.following.bell()));
        let mut closing = pin!(self.hub.closing().cancelled_owned());
        let (mut beats, mut leave_at) = (0_u32, None);
        loop {
            let flow = tokio::select! {
                biased;
                () = leaving::at(leave_at) => self.leave().await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(&message),
                    _ => Flow::Break(()),
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
                let _ = timeout(BEAT, self.socket.send(Message::Close(None))).await;
                return;
            }
        }
    }

    /// The element says nothing; whoever does is no such element.
    fn hear(&mut self, message: &Message) -> Flow {
        let bytes = match message {
            Message::Text(text) => text.len(),
            Message::Binary(bytes) => bytes.len(),
            Message::Close(_) => return Flow::Break(()),
            Message::Ping(_) | Message::Pong(_) => return Flow::Continue(()),
        };
        match self.budget.spend(bytes, Instant::now()) {
            true => Flow::Continue(()),
            false => Flow::Break(()),
        }
    }

    async fn tell(&mut self) -> Flow {
        if self.open.is_revoked() {
            let _ = self.send(&Frame::refresh(0)).await;
            return Flow::Break(());
        }
        loop {
            match self.following.next().await {
                Ok(None) => return Flow::Continue(()),
                Ok(Some((_, Told::Frame(frame)))) => self.send(&frame).await?,
                Ok(Some((_, Told::Lost))) => self.send(&Frame::refresh(0)).await?,
                Err(error) => return self.fail(&error),
            }
        }
    }

    async fn beat(&mut self, beats: u32) -> Flow {
        if beats.is_multiple_of(BEATS_BETWEEN_CHECKS) {
            match self.following.lost().await {
                Ok(lost) => {
                    for name in lost {
                        self.following.forget(&name);
                        self.send(&Frame::refresh(0)).await?;
                    }
                }
                // Not knowing is no reason to send anybody away.
                Err(error) => tracing::debug!(%error, "what a socket follows was not looked up"),
            }
        }
        if self.refreshes.beat() {
            self.put(Message::Text(Frame::refresh(0).html.as_ref().into())).await?;
        }
        match beats.is_multiple_of(BEATS_BETWEEN_PINGS) {
            true => self.put(Message::Ping(Vec::new().into())).await,
            false => Flow::Continue(()),
        }
    }

    /// Another element with the same names, from where they stand now, takes the place of this one.
    async fn leave(&mut self) -> Flow {
        let streams: Vec<(String, String)> = self
            .following
            .keys()
            .filter_map(|old| Some((old.to_string(), self.hub.signed(self.following.name(old)?))))
            .collect();
        if let Some((first, _)) = streams.first() {
            let fragment = stream::another_source(
                &self.origin,
                first,
                streams.iter().map(|(_, new)| new.as_str()),
            );
            self.put(Message::Text(fragment.into_string().into())).await?;
        }
        Flow::Break(())
    }

    async fn send(&mut self, frame: &Frame) -> Flow {
        self.refreshes.sent(frame);
        self.put(Message::Text((&*frame.html).into())).await
    }

    async fn put(&mut self, message: Message) -> Flow {
        match timeout(SLOWEST, self.socket.send(message)).await {
            Ok(Ok(())) => Flow::Continue(()),
            Ok(Err(_)) => Flow::Break(()),
            Err(_) => {
                metrics::counter!("cairn_live_slow_clients").increment(1);
                Flow::Break(())
            }
        }
    }
}
