//! Problem documents: a refusal for programs (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::domain::FieldError;

/// A problem document.
pub fn document(status: StatusCode, detail: &str, errors: &[FieldError]) -> Response {
    let title = status.canonical_reason().unwrap_or("Refused");
    let mut body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
