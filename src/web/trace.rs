//! The request's id, and its line in the log.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use tracing::Span;

use crate::values::id::RequestId;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The route that answered, as the table writes it: an address may hold a secret token.
#[derive(Debug, Clone)]
pub struct Answered(pub MatchedPath);

/// A request with its id, which the log and the answer carry.
pub(super) struct Traced {
    id: RequestId,
    span: Span,
    began: Instant,
}

impl Traced {
    pub(super) fn of(request: &Request) -> Self {
        let id = RequestId::new();
        let span = tracing::info_span!("request", id = %id, method = %request.method());
        Self { id, span, began: Instant::now() }
    }

    /// What is logged in here carries the id.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Gives the answer the id, and writes a refused request down.
    pub(super) fn write_down(self, response: &mut Response) {
        self.span.in_scope(|| write_down(response, self.began));
        if let Ok(value) = HeaderValue::from_str(&self.id.to_string()) {
            response.headers_mut().insert(&REQUEST_ID, value);
        }
    }
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
