//! What browsers report about themselves.

use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use serde_json::value::RawValue;

use crate::tracking::{self, MOST_ITEMS, Unstored};
use crate::values::Tracked;
use crate::web::error::Error;
use crate::web::respond::Result;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

/// The largest report, in bytes.
const LARGEST: usize = 16 * 1024;

pub(super) const ROUTES: &[Route] = &[Route::page(
    Verb::Post,
    "/{account}/tracking_events",
    &[Names::Account],
    Who::Member,
    |method| on(method, create),
)
.limited_to(LARGEST)];

/// One item, or some; each is read by itself, so that an odd one spoils no other.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    tracking_event: Option<Box<RawValue>>,
    tracking_events: Option<Vec<Box<RawValue>>>,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    body: String,
) -> Result {
    let actor = &viewer.actor;
    if let Err(too_often) = app.tracking_limits.count(actor.account.id, actor.user_id) {
        let words = "Too many reports at once; try again later.";
        return Ok(later(StatusCode::TOO_MANY_REQUESTS, too_often.seconds(), words));
    }
    let items = items(&headers, &body)?;
    if actor.tracked == Tracked::Off || asks_for_privacy(&headers) {
        // Nothing of theirs is recorded, and nothing of theirs shall wait in a browser.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    match tracking::report(&app.tracker, actor, &items).await {
        Ok(refused) if refused.is_empty() => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(refused) => {
            let errors = axum::Json(serde_json::json!({ "errors": refused }));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors).into_response())
        }
        Err(Unstored::Full | Unstored::Failed) => {
            Ok(later(StatusCode::SERVICE_UNAVAILABLE, 1, "Reports can’t be stored just now."))
        }
    }
}

/// Whether the browser says that its person wants Global Privacy Control.
pub(super) fn asks_for_privacy(headers: &HeaderMap) -> bool {
    headers.get("sec-gpc").is_some_and(|value| value == "1")
}

fn items(headers: &HeaderMap, body: &str) -> std::result::Result<Vec<Box<RawValue>>, Error> {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/json")) {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json here."));
    }
    let items = match serde_json::from_str(body) {
        Ok(Body { tracking_event: Some(item), tracking_events: None }) => vec![item],
        Ok(Body { tracking_event: None, tracking_events: Some(items) }) => items,
        Ok(_) | Err(_) => {
            let words = "Send {\"tracking_event\": {…}} or {\"tracking_events\": [{…}]}.";
            return Err(refused(StatusCode::BAD_REQUEST, words));
        }
    };
    if items.len() > MOST_ITEMS {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "Send at most 20 items at once."));
    }
    Ok(items)
}

fn refused(status: StatusCode, message: &str) -> Error {
    Error::refused(status, message)
}

pub(super) fn later(status: StatusCode, seconds: u64, message: &'static str) -> Response {
    (status, [(RETRY_AFTER, seconds.to_string())], message).into_response()
}
