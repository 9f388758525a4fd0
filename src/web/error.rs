//! What went wrong, as an answer: logged once here, and told to strangers in plain words only.

use std::any::Any;

use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, HeaderValue, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::accept::takes_pages;
use super::problem_document;
use super::security::Nonce;
use crate::domain;
use crate::values::ReturnPath;
use crate::views;

/// Why a request is not answered as it hoped.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in: off to the sign-in page, and from there to the page that was asked for.
    SignedOut,
    /// There is no such thing, or not for this person.
    NotFound,
    /// Understood and refused, with a sentence for a person.
    Refused {
        /// A 4xx.
        status: StatusCode,
        /// What is wrong and what to do.
        message: String,
        /// Texts that were typed and would otherwise be lost.
        typed: Vec<String>,
    },
    /// A fault of ours or of the database.
    Unexpected(Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal on its way out, until `around::Asked::dress` makes a page of it (or the API a document).
#[derive(Debug, Clone)]
pub struct Problem {
    /// What is wrong and what to do, in a sentence.
    pub message: String,
    /// Texts to hand back.
    pub typed: Vec<String>,
    /// Whether a dead connection to the database was the cause.
    pub connection_lost: bool,
}

impl Error {
    /// A refusal with a sentence for a person.
    pub fn refused(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Refused { status, message: message.into(), typed: Vec::new() }
    }

    /// The refusal of a body that is no form where a form is taken.
    pub fn not_a_form() -> Self {
        let message = "Send a form here: application/x-www-form-urlencoded.";
        Self::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    fn connection_lost(&self) -> bool {
        let Self::Unexpected(error) = self else { return false };
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
        while let Some(error) = cause {
            if matches!(error.downcast_ref(), Some(sqlx::Error::Io(_))) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

impl From<domain::Error> for Error {
    fn from(error: domain::Error) -> Self {
        let message = error.to_string();
        match error {
            domain::Error::NotFound => Self::NotFound,
            domain::Error::Forbidden(_) => Self::refused(StatusCode::FORBIDDEN, message),
            domain::Error::Invalid(_) => Self::refused(StatusCode::UNPROCESSABLE_ENTITY, message),
            domain::Error::Conflict { .. } => Self::refused(StatusCode::CONFLICT, message),
            domain::Error::Unexpected(error) => error.into(),
        }
    }
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let connection_lost = self.connection_lost();
        let (status, message, typed) = match self {
            Self::SignedOut => return signed_out(),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here, or nothing that you may see.".into(),
                Vec::new(),
            ),
            Self::Refused { status, message, typed } => (status, message, typed),
            Self::Unexpected(error) => {
                // The edge: nobody else logs it, and nobody outside reads it.
                tracing::error!(error = &*error as &dyn std::error::Error, "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, FAULT.into(), Vec::new())
            }
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Problem { message, typed, connection_lost });
        response
    }
}

const FAULT: &str = "Something went wrong on our side. Try again in a moment.";

/// The marker of an answer to somebody who is not signed in.
#[derive(Debug, Clone, Copy)]
struct SignedOut;

fn signed_out() -> Response {
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    response.extensions_mut().insert(SignedOut);
    response
}

/// Sends a browser elsewhere with a GET, whatever the method was that brought it here.
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, to);
    response
}

/// The answer to a path that no route knows.
pub async fn unknown_path() -> Error {
    Error::NotFound
}

/// The answer to a method that a path does not know.
pub async fn unknown_method() -> Error {
    Error::refused(StatusCode::METHOD_NOT_ALLOWED, "This address cannot be asked that way.")
}

/// The answer to a request whose handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "the signature is the layer's")]
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Unexpected(format!("panicked: {}", words.unwrap_or("without words")).into())
        .into_response()
}

/// What a request asked for, as far as its refusal must know.
pub(super) struct Asked {
    takes_pages: bool,
    for_programs: bool,
    page: Option<ReturnPath>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            takes_pages: takes_pages(request.headers()),
            for_programs: request.uri().path().starts_with("/api/"),
            page: asked_page(request),
        }
    }

    /// Makes a page of a refusal.
    pub(super) fn dress(&self, mut response: Response, nonce: &Nonce) -> Response {
        if self.takes_pages && response.extensions().get::<SignedOut>().is_some() {
            // A script would follow to the sign-in page and take that for a success: it has its 401.
            return see_other(&views::paths::session(self.page.as_ref()));
        }
        let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
        let (parts, _) = response.into_parts();
        let mut dressed = match self.for_programs {
            true => problem_document::document(parts.status, &problem.message, &[]),
            false => page(parts.status, &problem, nonce),
        };
        for (name, value) in &parts.headers {
            // The length was that of the body that this takes the place of.
            if name != CONTENT_LENGTH && !dressed.headers().contains_key(name) {
                dressed.headers_mut().append(name, value.clone());
            }
        }
        *dressed.extensions_mut() = parts.extensions;
        dressed
    }
}

fn page(status: StatusCode, problem: &Problem, nonce: &Nonce) -> Response {
    let shell = views::Page { nonce: nonce.0.clone(), ..views::Page::default() };
    let page = views::errors::show(&shell, title(status), &problem.message, &problem.typed);
    (status, Html(page.into_string())).into_response()
}

/// The page that was asked for, to come back to; a form that was sent is none.
fn asked_page(request: &Request) -> Option<ReturnPath> {
    let asked = request.uri().path_and_query().filter(|_| request.method() == Method::GET)?;
    ReturnPath::parse(asked.as_str())
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "Not allowed",
        404 => "Nothing here",
        409 => "Changed meanwhile",
        429 => "Too often",
        400..500 => "Not taken",
        _ => "Something went wrong",
    }
}
