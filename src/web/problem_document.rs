//! Problem documents: a refusal for programs (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::domain::FieldError;

/// The content type of a problem document.
pub const PROBLEM: &str = "application/problem+json";

/// What went wrong, for programs and for the people who write them.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// Always `about:blank`: the status says what sort of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'a str,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong and what to do, in a sentence.
    detail: &'a str,
    /// The fields that cannot be taken, if fields are what is wrong.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
}

/// A problem document.
pub fn document(status: StatusCode, detail: &str, errors: &[FieldError]) -> Response {
    let title = status.canonical_reason().unwrap_or("Refused");
    let document =
        ProblemDocument { kind: "about:blank", title, status: status.as_u16(), detail, errors };
    (status, [(CONTENT_TYPE, PROBLEM)], json!(document).to_string()).into_response()
}
