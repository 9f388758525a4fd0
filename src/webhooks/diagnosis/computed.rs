//! The signature that a receiver's own code came to, and by which mistake.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::body;
use super::case::{Call, Finding, Known};
use crate::webhooks::signature::{SigningSecret, hmac};

/// What a key was made of, and what a receiver does instead.
const AS_TEXT: &str = "keyed with the secret as text. For webhook-signature, take off whsec_ and decode the rest from base64";
const UNDECODED: &str = "keyed with what follows whsec_ as text. Decode it from base64";
const DECODED: &str = "keyed with the decoded key. X-Webhook-Signature is keyed with the secret as it is shown, whsec_ included";
const BODY_ALONE: &str = "made over the body alone. webhook-signature is made over id, timestamp and body with full stops between them";
const IN_HEX: &str = "right but for its form: webhook-signature is in base64, this is hex";
const IN_BASE64: &str =
    "right but for its form: X-Webhook-Signature is in lower-case hex, this is base64";

/// Says which way the signature was made.
pub(super) fn explained(computed: &str, call: &Call<'_>, known: &Known) -> Finding {
    let computed = computed.strip_prefix("v1,").unwrap_or(computed);
    let bodies = [("this body", call.body.to_vec())].into_iter();
    let frozen = known.frozen.iter().map(|body| ("the body that was sent", body.clone()));
    let bodies = bodies.chain(frozen).chain(body::variants(call.body));
    let secrets = [Some(&known.signing.newer), known.signing.older.as_ref()];
    for (place, body) in bodies {
        for (at, secret) in secrets.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)?))) {
            if let Some(how) = made(computed, secret, call, &body) {
                let which = if at == 0 { "the present secret" } else { "the older secret" };
                return told(how, which, place);
            }
        }
    }
    Finding::wrong(
        "What your code computed comes from none of the usual ways: another secret, another body, or another timestamp.",
    )
}

fn told(how: Option<&str>, which: &str, place: &str) -> Finding {
    match (how, place) {
        (None, "this body") => {
            Finding::well(format!("What your code computed is right, with {which}."))
        }
        (None, _) => {
            Finding::wrong(format!("What your code computed is right, with {which}, for {place}."))
        }
        (Some(how), _) => {
            Finding::wrong(format!("What your code computed, with {which} over {place}, is {how}."))
        }
    }
}

/// Whether a signature was made from this secret and body: rightly (none), or by which mistake.
fn made(
    computed: &str,
    secret: &SigningSecret,
    call: &Call<'_>,
    body: &[u8],
) -> Option<Option<&'static str>> {
    let shown = secret.shown().reveal().as_bytes();
    let undecoded = &shown[b"whsec_".len()..];
    let key = STANDARD.decode(undecoded).unwrap_or_default();
    let head = format!("{}.{}.", call.id, call.timestamp);
    let (whole, alone): (&[&[u8]], &[&[u8]]) = (&[head.as_bytes(), body], &[body]);
    let base64 = |key: &[u8], parts: &[&[u8]]| STANDARD.encode(hmac(key, parts)) == computed;
    let hex = |key: &[u8], parts: &[&[u8]]| {
        hex::encode(hmac(key, parts)) == computed.to_ascii_lowercase()
    };
    let ways = [
        (base64(&key, whole) || hex::encode(hmac(shown, alone)) == computed, None),
        (hex(&key, whole), Some(IN_HEX)),
        (base64(shown, alone) || hex(shown, alone), Some(IN_BASE64)),
        (base64(shown, whole) || hex(shown, whole), Some(AS_TEXT)),
        (base64(undecoded, whole) || hex(undecoded, whole), Some(UNDECODED)),
        (base64(&key, alone), Some(BODY_ALONE)),
        (hex(&key, alone), Some(DECODED)),
        (base64(undecoded, alone) || hex(undecoded, alone), Some(UNDECODED)),
    ];
    ways.into_iter().find(|(fits, _)| *fits).map(|(_, how)| how)
}
