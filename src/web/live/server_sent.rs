//! `/live/sse`: Turbo's own source over server-sent events, which the browser resumes by itself.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{StreamExt as _, once, unfold};
use tokio::time::{Instant, Interval};
use tokio_util::sync::CancellationToken;

use super::leaving;
use super::opening::{Opened, beats, names, signed_out, too_many};
use crate::live::sockets::Socket;
use crate::live::{Cursor, Following, Frame, Hub, Refreshes, Told, event_stream};
use crate::web::error::Error;
use crate::web::state::App;

/// After so many beats the position is told though nothing happened.
const BEATS_BETWEEN_POSITIONS: u32 = 5;

pub(super) async fn connect(
    State(app): State<App>,
    headers: HeaderMap,
    Opened(credential): Opened,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let credential = credential.ok_or_else(signed_out)?;
    let hub = app.hub.clone();
    let following = Following::new(hub.clone(), credential.clone());
    let open = hub.sockets().open(&credential, following.bell()).ok_or_else(too_many)?;
    let beat = beats();
    let closing = hub.closing();
    let refreshes = Refreshes::default();
    let mut events =
        Events { hub, following, open, refreshes, beat, beats: 0, closing, leave_at: None };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let first = events.begin(names(query.as_deref()), last.as_ref()).await?;
    let first = once(async move { Bytes::from(first) });
    let rest = unfold(Some(events), async |events: Option<Events>| events?.go_on().await);
    let body = Body::from_stream(first.chain(rest).map(Ok::<Bytes, Infallible>));
    Ok(([(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")], body).into_response())
}

/// One answer that does not end.
struct Events {
    hub: Hub,
    following: Following<Arc<str>>,
    open: Socket,
    refreshes: Refreshes,
    beat: Interval,
    beats: u32,
    closing: CancellationToken,
    leave_at: Option<Instant>,
}

impl Events {
    /// Follows what may be followed, and tells what was missed since the page was rendered, or since
    /// the last event that the browser has seen.
    async fn begin(
        &mut self,
        names: Vec<String>,
        last: Option<&Cursor>,
    ) -> crate::domain::Result<String> {
        let mut text = event_stream::retry();
        for signed in names {
            let Some(name) = self.hub.verified(&signed) else { continue };
            let name = match last {
                Some(last) => name.reached(last),
                None => name,
            };
            let Some(subscription) = self.following.rejoin(name).await? else {
                text += &self.data(&Frame::refresh(0));
                continue;
            };
            if let Some(frame) = self.following.follow(signed.into(), subscription).await? {
                text += &self.data(&frame);
            }
        }
        Ok(text)
    }

    /// The next text, and whoever tells the one after it; none at the end.
    async fn go_on(mut self) -> Option<(Bytes, Option<Self>)> {
        loop {
            let bell = Arc::clone(self.following.bell());
            tokio::select! {
                biased;
                () = leaving::at(self.leave_at) => return None,
                () = bell.notified() => {}
                () = self.closing.cancelled(), if self.leave_at.is_none() => {
                    self.leave_at = Some(self.hub.moment_to_leave());
                    continue;
                }
                _ = self.beat.tick() => {
                    self.beats += 1;
                    if self.refreshes.beat() {
                        let text = event_stream::data(&Frame::refresh(0).html);
                        return Some((text.into(), Some(self)));
                    }
                    if !self.beats.is_multiple_of(BEATS_BETWEEN_POSITIONS) {
                        continue;
                    }
                }
            }
            if self.open.is_revoked() {
                let text = event_stream::data(&Frame::refresh(0).html);
                return Some((text.into(), None));
            }
            match self.tell().await {
                Ok(text) => return Some((text.into(), Some(self))),
                Err(error) => {
                    tracing::warn!(%error, "a stream could not be looked up");
                    return None;
                }
            }
        }
    }

    /// All that there is to tell, and up to where it goes: that was told to every ring before any of
    /// them was read.
    async fn tell(&mut self) -> crate::domain::Result<String> {
        let (position, mut text) = (self.following.position(), String::new());
        while let Some((_, told)) = self.following.next().await? {
            match told {
                Told::Frame(frame) => text += &self.data(&frame),
                Told::Lost => text += &self.data(&Frame::refresh(0)),
            }
        }
        Ok(text + &position.map_or_else(event_stream::nothing, |at| event_stream::position(&at)))
    }

    fn data(&mut self, frame: &Frame) -> String {
        self.refreshes.sent(frame);
        event_stream::data(&frame.html)
    }
}
