//! Conditional requests: what an `ETag` is compared with (RFC 9110 section 13.1).

use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};

/// Whether an edit may go on: it does not say of which version it is, or of this one.
pub(super) fn may_edit(headers: &HeaderMap, tag: &str) -> bool {
    !headers.contains_key(IF_MATCH) || named(headers, IF_MATCH).any(|named| matches(named, tag))
}

/// Whether a reader has this version already. A weak tag means the same to a reader.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let named = named(headers, IF_NONE_MATCH);
    named.map(|named| named.trim_start_matches("W/")).any(|named| matches(named, tag))
}

fn matches(named: &str, tag: &str) -> bool {
    named == "*" || named == tag
}

/// The tags that a header names, on however many lines.
fn named(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// An answer with its tag; without its body for a reader who has it.
pub(super) fn tagged(
    headers: &HeaderMap,
    tag: String,
    answer: impl FnOnce() -> Response,
) -> Response {
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    ([(ETAG, tag)], answer()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &HeaderName, values: &[&[u8]]) -> HeaderMap {
        let values = values.iter().map(|value| HeaderValue::from_bytes(value).unwrap());
        values.map(|value| (name.clone(), value)).collect()
    }

    #[test]
    fn an_edit_must_be_of_this_very_version_if_it_says_of_which() {
        let may = |values: &[&[u8]]| may_edit(&headers(&IF_MATCH, values), "\"2-7\"");
        assert!(may(&[]));
        assert!(may(&[b"*"]));
        assert!(may(&[b"\"1-7\", \"2-7\""]));
        assert!(may(&[b"\"1-7\"", b"\"2-7\""]));
        assert!(!may(&[b"\"1-7\""]));
        assert!(!may(&[b"W/\"2-7\""]));
        assert!(!may(&[b"\xff"]), "what cannot be read is no agreement");
    }

    #[test]
    fn a_reader_who_has_it_is_not_sent_it_again() {
        let knows = |value: &[u8]| is_known(&headers(&IF_NONE_MATCH, &[value]), "\"2-7\"");
        assert!(knows(b"\"2-7\""));
        assert!(knows(b"W/\"2-7\""));
        assert!(!knows(b"\"1-7\""));
        assert!(!is_known(&HeaderMap::new(), "\"2-7\""));
    }
}
