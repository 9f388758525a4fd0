//! Single tries, made without a server.

use std::time::Duration;

use cairn::values::clock;
use cairn::webhooks::Guard;
use cairn::webhooks::headers::Headers;
use cairn::webhooks::send::{Fault, Message, Sender, Try};
use cairn::webhooks::signature::{Signing, SigningSecret};
use time::OffsetDateTime;

/// What is sent in a try.
const BODY: &[u8] = b"{\"event\":\"card.moved\"}";

/// Long enough for every answer that comes at all, short enough to wait for one that does not.
pub(super) const SOON: Duration = Duration::from_millis(500);

/// A guard that lets these networks pass.
pub(super) fn guard(allowed: &[&str]) -> Guard {
    Guard::new(allowed.iter().map(|network| network.parse().expect("a network")).collect())
}

/// A sender that may call this machine.
pub(super) fn sender() -> Sender {
    Sender::new(guard(&["127.0.0.0/8"]))
}

/// A secret and nothing before it.
pub(super) fn signing() -> Signing {
    Signing::of(SigningSecret::new())
}

/// Tries once, now.
pub(super) async fn call(sender: &Sender, url: &str) -> Try {
    call_at(sender, url, &signing(), clock::now()).await
}

/// Tries once, with a clock that says so.
pub(super) async fn call_at(
    sender: &Sender,
    url: &str,
    signing: &Signing,
    now: OffsetDateTime,
) -> Try {
    let event_id = "0198c2c0-0000-7000-8000-000000000000".to_owned();
    let message = Message {
        url,
        signing,
        headers: &Headers::default(),
        event_id,
        number: Some(1),
        is_again: false,
        sequence: Some(7),
        body: BODY,
    };
    sender.send(&message, now).await
}

/// What went wrong, in a word.
pub(super) fn fault(outcome: &Try) -> Option<Fault> {
    outcome.failure.as_ref().map(|failure| failure.fault())
}
