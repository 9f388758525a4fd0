//! The request's id, and its line in the log.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::values::id::RequestId;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The route that answered, as the table writes it: an address may hold a secret token.
#[derive(Debug, Clone)]
pub struct Answered(pub MatchedPath);

/// Gives the request an id, which the log and the answer carry, and writes a refused one down.
pub async fn request(request: Request, next: Next) -> Response {
    let id = RequestId::new();
    let span = tracing::info_span!("request", id = %id, method = %request.method());
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| write_down(&response, began));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(&REQUEST_ID, value);
    }
    response
}

fn write_down(response: &Response, began: Instant) {
    let route = response.extensions().get::<Answered>().map_or("none", |route| route.0.as_str());
    let status = response.status();
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status.is_client_error() {
        tracing::info!(route, status = status.as_u16(), milliseconds, "refused a request");
    } else {
        tracing::debug!(route, status = status.as_u16(), milliseconds, "answered a request");
    }
}
