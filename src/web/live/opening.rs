//! How a socket of any kind is opened: by whom, from where, how large, and for which streams.

use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use url::form_urlencoded;

use crate::live::Credential;
use crate::values::secret::Secret;
use crate::web::client::Client;
use crate::web::error::Error;
use crate::web::state::App;
use crate::web::viewer::Visitor;

/// How often a client is told that the connection lives (Action Cable's own beat).
pub(super) const BEAT: Duration = Duration::from_secs(3);

/// Beats fall on multiples of this, so that those of many connections are one wake-up. They are
/// spread over the thirty that fit between two beats.
const IN_STEP: Duration = Duration::from_millis(100);

/// After so many beats it is asked whether they may still follow what they follow, should a
/// revocation have gone unnoticed.
pub(super) const BEATS_BETWEEN_CHECKS: u32 = 20;

/// A client that takes nothing for so long is let go.
pub(super) const SLOWEST: Duration = Duration::from_secs(30);

/// The largest message that a client sends, in bytes.
const LARGEST: usize = 64 * 1024;

/// The buffer that each connection reads into: the default would cost 128 KiB a watcher.
const READ_BUFFER: usize = 2 * 1024;

/// The most streams that one address names.
const MOST_NAMES: usize = 64;

/// With what a socket is opened: the cookie of a browser, or a bearer token; or nothing that is good.
pub(super) struct Opened(pub(super) Option<Credential>);

impl FromRequestParts<App> for Opened {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let credential = match bearer(&parts.headers) {
            Some(token) => Some(Credential::Token(token)),
            None => {
                let visitor = Visitor::from_request_parts(parts, app).await?;
                visitor.sign_in.map(Credential::SignIn)
            }
        };
        Ok(Self(match credential {
            Some(credential) if credential.is_good(app.pool()).await? => Some(credential),
            _ => None,
        }))
    }
}

/// The beats of a connection, the first of them now.
pub(super) fn beats() -> Interval {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let steps = FIRST.elapsed().as_millis().div_ceil(IN_STEP.as_millis());
    let steps = u32::try_from(steps).unwrap_or_default();
    let mut beats = interval_at(*FIRST + IN_STEP * steps, BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    beats
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(Secret::new)
}

/// Cookies ride on the handshake of a socket, whatever page opens it: only our own may.
pub(super) fn must_be_ours(client: &Client, headers: &HeaderMap) -> Result<(), Error> {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    match origin.is_some_and(|origin| origin != client.origin) {
        true => Err(Error::refused(StatusCode::FORBIDDEN, "This socket is for Cairn’s own pages.")),
        false => Ok(()),
    }
}

pub(super) fn sized(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
}

/// The signed names in an address: `?s=…&s=…`, each once.
pub(super) fn names(query: Option<&str>) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut names: Vec<String> = Vec::new();
    for (_, name) in pairs.filter(|(key, _)| key == "s") {
        // A base64 plus that was not escaped has become a space.
        let name = name.replace(' ', "+");
        if !names.contains(&name) && names.len() < MOST_NAMES {
            names.push(name);
        }
    }
    names
}

pub(super) fn signed_out() -> Error {
    Error::refused(StatusCode::UNAUTHORIZED, "This socket is for people who are signed in.")
}

pub(super) fn too_many() -> Error {
    let words = "There are too many sockets open with this sign-in.";
    Error::refused(StatusCode::TOO_MANY_REQUESTS, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_once_each_with_their_pluses() {
        assert_eq!(names(Some("s=a%2Bb--1&s=c+d--2&s=a%2Bb--1&t=x")), ["a+b--1", "c+d--2"]);
        assert!(names(None).is_empty());
    }
}
