//! Webhook endpoints: listed, added, read, edited, given a new secret, switched on again, removed.

use std::collections::BTreeMap;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page;
use super::problem::{Problem, Result};
use super::query::Query;
use crate::values::Moment;
use crate::values::id::{BoardId, EndpointId};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::endpoints::{self, Edit, Endpoint, NewEndpoint, Overlap, Resume};
use crate::webhooks::format::Format;
use crate::webhooks::signature::Scheme;

const ENDPOINTS: &str = "/api/v1/{account}/webhook_endpoints";
const ENDPOINT: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}";
const ROTATIONS: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/secret_rotations";
const DISABLEMENT: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/disablement";
const SEND_SINCE: Parameter = Parameter::of::<Moment>(
    "send_since",
    "What was held and owed before is skipped; without it all of it is sent.",
    "a time such as 2026-11-25T09:30:00Z",
);
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
    Route::api(Verb::Patch, ENDPOINT, NAMES, Who::Admin, |method| on(method, update))
        .named("update_webhook_endpoint", "Edit where a webhook endpoint is called and about what")
        .takes::<Changes>()
        .gives::<Endpoint>(),
    Route::api(Verb::Delete, ENDPOINT, NAMES, Who::Admin, |method| on(method, destroy))
        .named("remove_webhook_endpoint", "Remove a webhook endpoint; its deliveries stay to read"),
    Route::api(Verb::Post, ROTATIONS, NAMES, Who::Admin, |method| on(method, rotate))
        .named("rotate_webhook_secret", "Give a webhook endpoint a new secret, told this once")
        .takes::<Rotation>()
        .gives_new::<Rotated>(),
    Route::api(Verb::Delete, DISABLEMENT, NAMES, Who::Admin, |method| on(method, enable))
        .named("enable_webhook_endpoint", "Switch a webhook endpoint on; what was held is sent")
        .asked(&[SEND_SINCE]),
];

/// Whom to call, and about what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhookEndpoint)]
struct New {
    /// An https address.
    url: String,
    /// In which form it is told; `cairn` if absent.
    #[schema(value_type = Option<Format>)]
    format: Option<String>,
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    events: Vec<String>,
    /// The boards it hears of; none: all.
    #[serde(default)]
    #[schema(value_type = Vec<BoardId>)]
    board_ids: Vec<String>,
    /// How `webhook-signature` is made: with a secret (if absent), or with a private key.
    #[schema(value_type = Option<Scheme>)]
    signature: Option<String>,
    /// Headers that are sent with each call; at most 20 and 4 KiB. Their values are told to nobody.
    headers: Option<BTreeMap<String, String>>,
    /// How many calls a second it takes at most, from 1 to 500; if absent, any number.
    rate_limit: Option<i64>,
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

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointChanges)]
struct Changes {
    /// An https address.
    url: Option<String>,
    /// In which form it is told of what happens from now on.
    #[schema(value_type = Option<Format>)]
    format: Option<String>,
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    events: Option<Vec<String>>,
    /// The boards it hears of; none: all.
    #[schema(value_type = Option<Vec<BoardId>>)]
    board_ids: Option<Vec<String>>,
    /// How `webhook-signature` is made; for a day it is made the way before that too.
    #[schema(value_type = Option<Scheme>)]
    signature: Option<String>,
    /// All headers that are sent with each call from now on; one that is null keeps its value.
    headers: Option<BTreeMap<String, Option<String>>>,
    /// How many calls a second it takes at most, from 1 to 500; null: any number.
    #[serde(default, deserialize_with = "present")]
    rate_limit: Option<Option<i64>>,
}

/// What is there, null too.
fn present<'de, D: Deserializer<'de>>(
    value: D,
) -> std::result::Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// How to rotate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookSecretRotation)]
struct Rotation {
    /// For how many hours the older secret signs too: 0, 24 (if absent) or 168.
    overlap_hours: Option<i64>,
}

/// The new secret.
#[derive(Serialize, ToSchema)]
#[schema(as = RotatedWebhookSecret)]
struct Rotated {
    /// What signs deliveries from now on; it is told this once.
    secret: String,
    /// The key that checks `v1a` signatures from now on, if there are any.
    #[schema(required)]
    public_key: Option<String>,
    /// For how many hours the older ones sign too.
    overlap_hours: i32,
}

/// There are at most fifty, so they are one page.
async fn index(State(app): State<App>, Caller(actor): Caller) -> Result {
    Ok(page::linked(&endpoints::all(app.pool(), &actor).await?, None))
}

async fn create(State(app): State<App>, Caller(actor): Caller, Json(new): Json<New>) -> Result {
    let board_ids = boards(&new.board_ids)?;
    let format = format(new.format.as_deref())?.unwrap_or_default();
    let headers = new.headers.unwrap_or_default().into_iter();
    let new = NewEndpoint {
        url: new.url,
        format,
        events: new.events,
        board_ids,
        signature: new.signature,
        headers: headers.map(|(name, value)| (name, Some(value))).collect(),
        rate_limit: new.rate_limit,
    };
    let (endpoint, secret) = endpoints::add(&app.log, &app.keys, &app.guard, &actor, &new).await?;
    let added = Added { endpoint, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Answer(added)).into_response())
}

fn format(name: Option<&str>) -> Result<Option<Format>> {
    name.map(str::parse).transpose().map_err(Problem::in_field("format"))
}

fn boards(ids: &[String]) -> Result<Vec<BoardId>> {
    let boards = ids.iter().map(|id| id.parse()).collect::<std::result::Result<_, _>>();
    boards.map_err(Problem::in_field("board_ids"))
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    Ok(Answer(endpoints::find(app.pool(), &actor, id).await?).into_response())
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
    Json(changes): Json<Changes>,
) -> Result {
    let board_ids = changes.board_ids.as_deref().map(boards).transpose()?;
    let format = format(changes.format.as_deref())?;
    let edit = Edit {
        url: changes.url,
        format,
        events: changes.events,
        board_ids,
        signature: changes.signature,
        headers: changes.headers.map(|headers| headers.into_iter().collect()),
        rate_limit: changes.rate_limit,
    };
    let edited = endpoints::edit(&app.log, &app.keys, &app.guard, &actor, id, edit).await?;
    Ok(Answer(edited).into_response())
}

async fn rotate(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
    Json(rotation): Json<Rotation>,
) -> Result {
    let overlap = rotation.overlap_hours.map(Overlap::of_hours).transpose();
    let overlap = overlap.map_err(Problem::in_field("overlap_hours"))?.unwrap_or_default();
    let rotated = endpoints::rotate(&app.log, &app.keys, &actor, id, overlap).await?;
    let rotated = Rotated {
        secret: rotated.secret.reveal().to_owned(),
        public_key: rotated.public_key,
        overlap_hours: overlap.hours(),
    };
    Ok((StatusCode::CREATED, Answer(rotated)).into_response())
}

async fn enable(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
    query: Query,
) -> Result {
    let since = query.one::<Moment>(&SEND_SINCE)?;
    let resume = since.map_or(Resume::WithAll, |Moment(at)| Resume::WithWhatWasOwedSince(at));
    endpoints::enable(&app.log, &actor, id, resume).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    endpoints::remove(&app.log, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
