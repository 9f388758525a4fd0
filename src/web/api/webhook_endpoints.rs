//! Webhook endpoints: listed, added, read, removed.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use crate::values::id::EndpointId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::endpoints::{self, Endpoint, NewEndpoint};

const ENDPOINTS: &str = "/api/v1/{account}/webhook_endpoints";
const ENDPOINT: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, ENDPOINTS, &[Names::Account], Who::Admin, |method| on(method, index)),
    Route::api(Verb::Post, ENDPOINTS, &[Names::Account], Who::Admin, |method| on(method, create)),
    Route::api(Verb::Get, ENDPOINT, NAMES, Who::Admin, |method| on(method, show)),
    Route::api(Verb::Delete, ENDPOINT, NAMES, Who::Admin, |method| on(method, destroy)),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    url: String,
    events: Vec<String>,
    #[serde(default)]
    board_ids: Vec<String>,
}

/// An endpoint that was just added: its secret is told this once.
#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    endpoint: Endpoint,
    secret: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller) -> Result {
    Ok(Answer(endpoints::all(app.pool(), &actor).await?).into_response())
}

async fn create(State(app): State<App>, Caller(actor): Caller, Json(new): Json<New>) -> Result {
    let board_ids = new.board_ids.iter().map(|id| id.parse());
    let board_ids = board_ids.collect::<std::result::Result<_, _>>();
    let board_ids = board_ids.map_err(Problem::in_field("board_ids"))?;
    let new = NewEndpoint { url: new.url, events: new.events, board_ids };
    let (endpoint, secret) =
        endpoints::add(app.pool(), &app.keys, &app.guard, &actor, &new).await?;
    let added = Added { endpoint, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Answer(added)).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    Ok(Answer(endpoints::find(app.pool(), &actor, id).await?).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    endpoints::remove(app.pool(), &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
