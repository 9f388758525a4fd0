//! The bodies and parameters of the API, refused in our words.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::web::state::App;

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|value| value.starts_with("application/json")) {
            let detail = "Send the body as application/json.";
            return Err(Problem::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let bytes = axum::body::Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|_| Problem::too_large())?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| refuse(&error))
    }
}

/// Text that is not JSON is 400; JSON that is not what was asked for is 422.
fn refuse(error: &serde_json::Error) -> Problem {
    if error.is_data() {
        let detail = format!("The body is not what this address takes: {error}.");
        return Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, detail);
    }
    Problem::refused(StatusCode::BAD_REQUEST, format!("The body is not JSON: {error}."))
}
