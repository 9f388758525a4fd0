//! Webhook endpoints: listed, added, read, removed.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page;
use super::problem::{Problem, Result};
use crate::values::id::{BoardId, EndpointId};
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::endpoints::{self, Endpoint, NewEndpoint};

const ENDPOINTS: &str = "/api/v1/{account}/webhook_endpoints";
const ENDPOINT: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, ENDPOINTS, &[Names::Account], Who::Admin, |method| on(method, index))
        .named("list_webhook_endpoints", "The webhook endpoints, the oldest first")
        .gives_page::<Endpoint>(),
    Route::api(Verb::Post, ENDPOINTS, &[Names::Account], Who::Admin, |method| on(method, create))
        .named("add_webhook_endpoint", "Add a webhook endpoint; its secret is told this once")
        .takes::<New>()
        .gives_new::<Added>(),
    Route::api(Verb::Get, ENDPOINT, NAMES, Who::Admin, |method| on(method, show))
        .named("get_webhook_endpoint", "A webhook endpoint")
        .gives::<Endpoint>(),
    Route::api(Verb::Delete, ENDPOINT, NAMES, Who::Admin, |method| on(method, destroy))
        .named("remove_webhook_endpoint", "Remove a webhook endpoint; its deliveries stay to read"),
];

/// Whom to call, and about what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhookEndpoint)]
struct New {
    /// An https address.
    url: String,
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    events: Vec<String>,
    /// The boards it hears of; none: all.
    #[serde(default)]
    #[schema(value_type = Vec<BoardId>)]
    board_ids: Vec<String>,
}

/// An endpoint that was just added.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedWebhookEndpoint)]
struct Added {
    #[serde(flatten)]
    endpoint: Endpoint,
    /// What signs its deliveries; it is told this once.
    secret: String,
}

/// There are at most fifty, so they are one page.
async fn index(State(app): State<App>, Caller(actor): Caller) -> Result {
    Ok(page::linked(&endpoints::all(app.pool(), &actor).await?, None))
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
