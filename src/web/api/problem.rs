//! What went wrong, as a problem document (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse, Response};

use crate::domain::{self, FieldError};
use crate::values::Invalid;
use crate::web::error;
use crate::web::problem_document::document;

/// What an API handler comes to.
pub(super) type Result<T = Response> = std::result::Result<T, Problem>;

/// Why a request is not answered as its sender hoped.
#[derive(Debug)]
pub(super) enum Problem {
    /// No token, or none that is good.
    Unauthorized,
    /// Understood and refused; one sentence for each field that is wrong.
    Refused { status: StatusCode, detail: String, errors: Vec<FieldError> },
    /// A fault of ours or of the database, or whatever pages refuse too.
    Other(error::Error),
}

impl Problem {
    /// A refusal with a sentence.
    pub(super) fn refused(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Refused { status, detail: detail.into(), errors: Vec::new() }
    }

    /// The body is larger than the route takes.
    pub(super) fn too_large() -> Self {
        Self::refused(StatusCode::PAYLOAD_TOO_LARGE, "This body is larger than Cairn takes.")
    }

    /// A value in a field cannot be taken.
    pub(super) fn in_field(field: &'static str) -> impl FnOnce(Invalid) -> Self {
        move |invalid| domain::Error::in_field(field)(invalid).into()
    }
}

impl From<domain::Error> for Problem {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Invalid(errors) => Self::Refused {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                detail: domain::Error::Invalid(errors.clone()).to_string(),
                errors,
            },
            domain::Error::Conflict { .. } => {
                Self::refused(StatusCode::PRECONDITION_FAILED, error.to_string())
            }
            error => Self::Other(error.into()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => {
                let detail = "Send a good token: Authorization: Bearer …";
                let mut response = document(StatusCode::UNAUTHORIZED, detail, &[]);
                let challenge = axum::http::HeaderValue::from_static("Bearer");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                response
            }
            Self::Refused { status, detail, errors } => document(status, &detail, &errors),
            Self::Other(error) => error.into_response(),
        }
    }
}
