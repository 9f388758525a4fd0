//! Why a signature does not check: what was received is compared with what was sent, in plain words.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

use self::case::Call;
pub use self::case::{Finding, Known, Received};
use super::signature::SigningSecret;

mod body;
mod case;
mod computed;

/// How far the libraries let the time of a call be from theirs, in seconds.
const TOLERANCE: i64 = 5 * 60;

/// The id of the event among some headers, if there is one.
pub fn id(headers: &str) -> Option<&str> {
    parse(headers).get("webhook-id").copied()
}

/// Says of each thing whether it is as it should be.
pub fn diagnose(received: Received<'_>, known: &Known) -> Vec<Finding> {
    let headers = parse(received.headers);
    let header = |name: &str| headers.get(name).copied().unwrap_or_default();
    let mut findings: Vec<Finding> = secret(received.secret, known).into_iter().collect();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    findings.extend(missing(&headers));
    findings.extend(time(timestamp, known.now));
    let call = timestamp.parse().ok().filter(|_| !id.is_empty());
    let call = call.map(|timestamp| Call { id, timestamp, body: received.body.as_bytes() });
    findings.extend(body::compared(id, received.body, known));
    if let Some(call) = &call {
        findings.extend(standard(header("webhook-signature"), call, known));
    }
    findings.extend(plain(header("x-webhook-signature"), received.body.as_bytes(), known));
    if let Some(call) = call.filter(|_| !received.computed.trim().is_empty()) {
        findings.push(computed::explained(received.computed.trim(), &call, known));
    }
    findings
}

/// Headers by their names in small letters: lines such as `name: value`, also with the `-H '…'` of
/// curl around them.
fn parse(text: &str) -> HashMap<String, &str> {
    let lines = text.lines().filter_map(|line| {
        let line = line.trim().trim_end_matches('\\').trim();
        let line = line.strip_prefix("-H").unwrap_or(line).trim();
        let (name, value) = line.trim_matches(['\'', '"']).split_once(':')?;
        let name = name.trim().trim_matches(['\'', '"']).to_lowercase();
        Some((name, value.trim().trim_end_matches(',').trim_matches(['\'', '"'])))
    });
    lines.collect()
}

fn missing(headers: &HashMap<String, &str>) -> Option<Finding> {
    let wanted = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let absent: Vec<&str> = wanted.into_iter().filter(|it| !headers.contains_key(*it)).collect();
    (!absent.is_empty()).then(|| {
        Finding::wrong(format!(
            "These headers are missing: {}. A proxy may have taken them, or the framework calls them otherwise.",
            absent.join(", ")
        ))
    })
}

fn time(timestamp: &str, now: OffsetDateTime) -> Option<Finding> {
    if timestamp.is_empty() {
        return None;
    }
    let Ok(seconds) = timestamp.parse::<i64>() else {
        return Some(Finding::wrong("webhook-timestamp is no whole number of seconds since 1970."));
    };
    let apart = now.unix_timestamp() - seconds;
    let (size, direction) = (apart.abs(), if apart < 0 { "ahead of" } else { "behind" });
    Some(match size {
        ..=TOLERANCE => Finding::well("The time of the call is within five minutes of now."),
        10_000_000_000.. => {
            Finding::wrong("webhook-timestamp is not in seconds: milliseconds, perhaps.")
        }
        _ => Finding::wrong(format!(
            "The time of the call is {} {direction} this server’s clock. Libraries refuse more than five minutes: if the call is an old one that is no fault, otherwise set the receiver’s clock.",
            length(size)
        )),
    })
}

fn length(seconds: i64) -> String {
    match seconds {
        ..=7_199 => format!("{} minutes", seconds / 60),
        7_200..=172_799 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The secret that the receiver checks with, beside those that sign.
fn secret(told: &str, known: &Known) -> Option<Finding> {
    let (trimmed, signing) = (told.trim(), &known.signing);
    if trimmed.is_empty() {
        return None;
    }
    let is = |secret: &SigningSecret, text: &str| {
        bool::from(secret.shown().reveal().as_bytes().ct_eq(text.as_bytes()))
    };
    let prefixed = format!("whsec_{trimmed}");
    let older = signing.older.as_ref();
    Some(if is(&signing.newer, told) {
        Finding::well("The secret is the one that signs.")
    } else if older.is_some_and(|older| is(older, told)) {
        Finding::well(
            "The secret is the older one, which signs too until the rotation ends. Change the receiver over to the newer one before then.",
        )
    } else if is(&signing.newer, trimmed) || older.is_some_and(|older| is(older, trimmed)) {
        Finding::wrong("There are spaces or a line break around the secret.")
    } else if is(&signing.newer, &prefixed) || older.is_some_and(|older| is(older, &prefixed)) {
        Finding::wrong(
            "The secret lacks its whsec_. Libraries take it with or without, but X-Webhook-Signature is keyed with the whole of it.",
        )
    } else if SigningSecret::parse(trimmed).is_err() {
        Finding::wrong(
            "This is no secret of Cairn’s: one is whsec_ and a key in base64, in one piece.",
        )
    } else {
        Finding::wrong("This is another secret: of another endpoint, or one that was rotated out.")
    })
}

/// Each signature of `webhook-signature`, made with which secret over which bytes.
fn standard(value: &str, call: &Call<'_>, known: &Known) -> Option<Finding> {
    if value.is_empty() {
        return None;
    }
    if let Some(wrong) = encoding(value) {
        return Some(wrong);
    }
    let made = |secret: &SigningSecret, body: &[u8]| {
        let expected = secret.standard(call.id, call.timestamp, body);
        value.split(' ').any(|signature| signature == expected)
    };
    let signed_with_key = |body: &[u8]| {
        let keys = known.signing.keys.iter();
        let mut made = keys.map(|key| key.standard(call.id, call.timestamp, body));
        made.any(|expected| value.split(' ').any(|signature| signature == expected))
    };
    let signs = |body: &[u8]| {
        let older = known.signing.older.as_ref();
        signed_with_key(body)
            || made(&known.signing.newer, body)
            || older.is_some_and(|older| made(older, body))
    };
    Some(if signs(call.body) {
        Finding::well("webhook-signature is right for this body.")
    } else if known.frozen.as_deref().is_some_and(signs) {
        Finding::wrong(
            "webhook-signature is right for the body that was sent, and not for this one.",
        )
    } else if body::variants(call.body).iter().any(|(_, body)| signs(body)) {
        Finding::wrong(
            "webhook-signature is right for this body written in another way: check the bytes as they came, before anything parses them.",
        )
    } else {
        Finding::wrong(
            "webhook-signature was made with another secret, or is of another call: its id, its time and its body are signed together.",
        )
    })
}

/// A signature that is not in base64 behind `v1,`.
fn encoding(value: &str) -> Option<Finding> {
    let known = value.split(' ').filter_map(|token| token.split_once(','));
    let signatures: Vec<&str> =
        known.filter(|(version, _)| *version == "v1").map(|(_, signature)| signature).collect();
    let words = if signatures.is_empty() && !value.contains("v1a,") {
        "webhook-signature holds v1, and a signature in base64, several with a space between them. Here the v1, is missing."
    } else if signatures.iter().any(|it| it.len() == 64 && hex::decode(it).is_ok()) {
        "This webhook-signature is in hex; it is sent in base64."
    } else if signatures
        .iter()
        .any(|it| STANDARD.decode(it).is_err() && URL_SAFE.decode(it).is_ok())
    {
        "This webhook-signature is in the base64 of addresses (- and _); it is sent in the usual one (+ and /)."
    } else if signatures.iter().any(|it| STANDARD.decode(it).is_err()) {
        "This webhook-signature is no base64: something is cut off or was added, perhaps the = at its end."
    } else {
        return None;
    };
    Some(Finding::wrong(words))
}

fn plain(value: &str, received: &[u8], known: &Known) -> Option<Finding> {
    if value.is_empty() {
        return None;
    }
    let signing = &known.signing;
    let signs = |body: &[u8]| signing.plain(body) == value || signing.newer.plain(body) == value;
    Some(if signs(received) {
        Finding::well("X-Webhook-Signature is right for this body.")
    } else if value.chars().any(|c| c.is_ascii_uppercase()) && hex::decode(value).is_ok() {
        Finding::wrong("X-Webhook-Signature is sent in lower-case hex; this one was changed.")
    } else if known.frozen.as_deref().is_some_and(signs) {
        Finding::wrong(
            "X-Webhook-Signature is right for the body that was sent, and not for this one.",
        )
    } else if body::variants(received).iter().any(|(_, body)| signs(body)) {
        Finding::wrong("X-Webhook-Signature is right for this body written in another way.")
    } else {
        Finding::wrong("X-Webhook-Signature was made with another secret or over another body.")
    })
}
