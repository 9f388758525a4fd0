//! What browsers report about themselves.

use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use serde_json::Value;

use crate::tracking::{self, MOST_ITEMS, Row, Unstored};
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

/// One item, or some, each to be read by itself.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Body {
    One { tracking_event: Value },
    Some { tracking_events: Vec<Value> },
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    body: String,
) -> Result {
    if !app.tracking_limits.allow(viewer.actor.account.id, viewer.actor.user_id) {
        return Ok(later(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many reports at once; try again later.",
        ));
    }
    let items = items(&headers, &body)?;
    let (reports, refused) = tracking::check(app.pool(), &viewer.actor, items).await?;
    let rows = reports.into_iter().map(|report| Row::new(&viewer.actor, report)).collect();
    match app.tracker.store(rows).await {
        Ok(()) if refused.is_empty() => Ok(StatusCode::NO_CONTENT.into_response()),
        Ok(()) => {
            let errors = axum::Json(serde_json::json!({ "errors": refused }));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors).into_response())
        }
        Err(Unstored::Full | Unstored::Failed) => {
            Ok(later(StatusCode::SERVICE_UNAVAILABLE, "Reports can’t be stored just now."))
        }
    }
}

fn items(headers: &HeaderMap, body: &str) -> std::result::Result<Vec<Value>, Error> {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/json")) {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json here."));
    }
    let body = serde_json::from_str(body).map_err(|_| {
        let words = "Send {\"tracking_event\": {…}} or {\"tracking_events\": [{…}]}.";
        refused(StatusCode::BAD_REQUEST, words)
    })?;
    let items = match body {
        Body::One { tracking_event } => vec![tracking_event],
        Body::Some { tracking_events } => tracking_events,
    };
    if items.len() > MOST_ITEMS {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "Send at most 20 items at once."));
    }
    Ok(items)
}

fn refused(status: StatusCode, message: &str) -> Error {
    Error::refused(status, message)
}

fn later(status: StatusCode, message: &'static str) -> Response {
    (status, [(RETRY_AFTER, "1")], message).into_response()
}
