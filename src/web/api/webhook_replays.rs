//! Sending to a webhook endpoint again: one delivery, or a part of the log.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page::{self, LIMIT};
use super::problem::Result;
use super::query::Query;
use crate::values::id::{BoardId, DeliveryId, EndpointId, ReplayId};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::replays::{self, Preview, Replay, Wanted, Which};

const REPLAYS: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/replays";
const PREVIEWS: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/replay_previews";
const REPLAY: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/replays/{replay}";
const RESENDS: &str =
    "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries/{delivery}/resends";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const NAMES_OF_REPLAY: &[Names] = &[Names::Account, Names::Endpoint, Names::Replay];
const NAMES_OF_DELIVERY: &[Names] = &[Names::Account, Names::Endpoint, Names::Delivery];
const BEFORE: Parameter =
    Parameter::of::<ReplayId>("before", "Only those started before this one.", "an id");

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, REPLAYS, NAMES, Who::Admin, |method| on(method, index))
        .named(
            "list_webhook_replays",
            "What was sent to a webhook endpoint again, the newest first",
        )
        .asked(&[BEFORE, LIMIT])
        .gives_page::<Replay>(),
    Route::api(Verb::Post, REPLAYS, NAMES, Who::Admin, |method| on(method, create))
        .named("start_webhook_replay", "Send a part of the log to a webhook endpoint again")
        .takes::<Span>()
        .gives_new::<Replay>(),
    Route::api(Verb::Post, PREVIEWS, NAMES, Who::Admin, |method| on(method, preview))
        .named("preview_webhook_replay", "Count what a replay would send")
        .takes::<Span>()
        .gives::<Preview>(),
    Route::api(Verb::Get, REPLAY, NAMES_OF_REPLAY, Who::Admin, |method| on(method, show))
        .named("get_webhook_replay", "A replay, and how far it has come")
        .gives::<Replay>(),
    Route::api(Verb::Delete, REPLAY, NAMES_OF_REPLAY, Who::Admin, |method| on(method, destroy))
        .named("cancel_webhook_replay", "Cancel a replay; what was not sent yet is skipped"),
    Route::api(Verb::Post, RESENDS, NAMES_OF_DELIVERY, Who::Admin, |method| on(method, resend))
        .named("resend_webhook_delivery", "Send a delivery again, or at once if it waits for a try")
        .gives_new::<Replay>(),
];

/// A part of the log.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookReplaySpan)]
struct Span {
    /// Since when what happened is sent; since the account began without it.
    #[serde(default, with = "time::serde::rfc3339::option")]
    since: Option<OffsetDateTime>,
    /// Until when; until now without it.
    #[serde(default, with = "time::serde::rfc3339::option")]
    until: Option<OffsetDateTime>,
    /// Which of it; what is missing without it.
    #[serde(default)]
    which: Which,
    /// The names of the events, such as `card.*`; all that the endpoint asked for without them.
    #[serde(default)]
    events: Vec<String>,
    /// The boards; all that the endpoint hears of without them.
    #[serde(default)]
    board_ids: Vec<BoardId>,
}

impl Span {
    fn wanted(self) -> Wanted {
        let Self { since, until, which, events, board_ids } = self;
        Wanted { since, until, which, events, board_ids }
    }
}

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    query: Query,
) -> Result {
    let (before, limit) = (query.one(&BEFORE)?, i64::from(page::limit(&query)?));
    let found = replays::of_endpoint(app.pool(), &actor, endpoint, before, limit).await?;
    let is_full = i64::try_from(found.len()) == Ok(limit);
    let next = found.last().filter(|_| is_full).map(|last| query.from(&BEFORE, last.id));
    Ok(page::linked(&found, next))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    Json(span): Json<Span>,
) -> Result {
    let replay = replays::start(&app.log, &actor, endpoint, &span.wanted()).await?;
    app.replayer.wake();
    Ok((StatusCode::CREATED, Answer(replay)).into_response())
}

async fn preview(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    Json(span): Json<Span>,
) -> Result {
    let preview = replays::preview(&app.log, &actor, endpoint, &span.wanted()).await?;
    Ok(Answer(preview).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint, id)): Path<(String, EndpointId, ReplayId)>,
) -> Result {
    let replay = replays::find(app.pool(), &actor, endpoint, id).await?;
    Ok(Answer(replay).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint, id)): Path<(String, EndpointId, ReplayId)>,
) -> Result {
    replays::cancel(&app.log, &actor, endpoint, id).await?;
    app.replayer.wake();
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn resend(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint, delivery)): Path<(String, EndpointId, DeliveryId)>,
) -> Result {
    let replay = replays::resend(&app.log, &actor, endpoint, delivery).await?;
    app.replayer.wake();
    Ok((StatusCode::CREATED, Answer(replay)).into_response())
}
