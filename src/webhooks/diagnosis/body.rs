//! The body that was received beside the one that was sent.

use serde_json::Value;

use super::case::{Finding, Known};

/// How much of two bodies is shown where they part.
const SHOWN: usize = 24;

/// What became of the body on its way.
pub(super) fn compared(id: &str, received: &str, known: &Known) -> Option<Finding> {
    if let Some(other) = other_id(id, received) {
        return Some(Finding::wrong(format!(
            "The headers are of {id} and the body is of {other}: they belong to two calls."
        )));
    }
    let sent = known.frozen.as_deref()?;
    let here = received.as_bytes();
    Some(if here == sent {
        Finding::well("The body is what was sent, to the byte.")
    } else if received.trim_end().as_bytes() == sent {
        Finding::wrong("A line break or a space was added at the end of the body.")
    } else if is_same_json(here, sent) {
        Finding::wrong(format!(
            "The body says the same in other bytes: it was parsed and written again. Check the bytes as they came. {}",
            parting(here, sent)
        ))
    } else {
        Finding::wrong(format!("The body is not what was sent. {}", parting(here, sent)))
    })
}

/// The id in a body, if it is not that of the headers.
fn other_id(id: &str, body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let other = body.get("id")?.as_str()?;
    (!id.is_empty() && other != id).then(|| other.to_owned())
}

fn is_same_json(one: &[u8], other: &[u8]) -> bool {
    let read = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    read(one).is_some_and(|one| Some(one) == read(other))
}

/// Where two bodies part, with a little of each.
fn parting(here: &[u8], sent: &[u8]) -> String {
    let at = here.iter().zip(sent).take_while(|(one, other)| one == other).count();
    let some = |bytes: &[u8]| {
        let end = bytes.len().min(at + SHOWN);
        String::from_utf8_lossy(&bytes[at..end]).into_owned()
    };
    format!("At byte {at} was sent “{}”, and here stands “{}”.", some(sent), some(here))
}

/// The same body as it may have been before somebody wrote it anew, and what was done to it.
pub(super) fn variants(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut variants = vec![("without the line break at its end", body.trim_ascii_end().to_vec())];
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        variants.push(("written without spaces", value.to_string().into_bytes()));
    }
    variants
}
