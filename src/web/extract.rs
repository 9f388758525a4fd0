//! Extractors of our own, so that what they refuse is refused in our words.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::state::App;

/// The fields of a form.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

/// The parameters of a path; what does not read as what it names does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

/// The parameters behind the question mark.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let form = axum::extract::Form::<T>::from_request(request, app).await;
        form.map(|form| Self(form.0)).map_err(|rejection| refuse_form(&rejection))
    }
}

fn refuse_form(rejection: &FormRejection) -> Error {
    let (status, message) = match rejection {
        FormRejection::InvalidFormContentType(_) => return Error::not_a_form(),
        FormRejection::BytesRejection(_) => {
            (StatusCode::PAYLOAD_TOO_LARGE, "This is more than Cairn takes in one form.")
        }
        _ => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A field of this form is missing or is not what it should be. \
             Go back, reload the page and try again.",
        ),
    };
    Error::refused(status, message)
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|path| Self(path.0)).map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        query.map(|query| Self(query.0)).map_err(|_| {
            Error::refused(
                StatusCode::BAD_REQUEST,
                "What stands behind the question mark of this address is not what it should be.",
            )
        })
    }
}
