//! The few shapes that a page's answer takes.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse as _, Response};
use maud::Markup;

use super::accept::{STREAM, takes_pages};
use super::error::{Error, see_other};
use crate::domain;
use crate::domain::FieldError;

/// What a handler comes to.
pub type Result<T = Response> = std::result::Result<T, Error>;

/// A page. It never becomes a stream, whatever the request accepts: after a redirect a browser
/// repeats the headers of the form.
pub fn page(markup: Markup) -> Response {
    Html(markup.into_string()).into_response()
}

/// A page with the form again, its wrong fields marked.
pub fn invalid(markup: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(markup.into_string())).into_response()
}

/// A page with the form again, for somebody who has to wait so many seconds.
pub fn too_often(seconds: u64, markup: Markup) -> Response {
    let headers = [(RETRY_AFTER, seconds.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, headers, page(markup)).into_response()
}

/// After a change: a redirect for a form, an empty stream for a script that asked for nothing but
/// streams, because the live streams bring it what changed.
pub fn done(headers: &HeaderMap, to: &str) -> Response {
    if takes_pages(headers) {
        return see_other(to);
    }
    ([(CONTENT_TYPE, HeaderValue::from_static(STREAM))], "").into_response()
}

/// The wrong fields, if wrong fields are what a verb complains of.
///
/// # Errors
/// Any other complaint.
pub fn wrong_fields(error: domain::Error) -> Result<Vec<FieldError>> {
    match error {
        domain::Error::Invalid(fields) => Ok(fields),
        other => Err(other.into()),
    }
}
