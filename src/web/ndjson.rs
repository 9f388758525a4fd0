//! Lines of JSON as an answer that is written while it is read.

use std::io;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::Stream;

/// The media type of lines of JSON.
pub(super) const NDJSON: &str = "application/x-ndjson";

/// The answer; a stream that fails ends it in the middle, so that nobody takes it for the whole.
pub(super) fn answer(lines: impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static) -> Response {
    ([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines)).into_response()
}
