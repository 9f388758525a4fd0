//! Before it is for real: what an endpoint would have been sent, and one call to try it out.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use crate::domain;
use crate::values::id::{BoardId, EndpointId};
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::endpoints::{self, DryRun};
use crate::webhooks::trial::Trial;

const DRY_RUNS: &str = "/api/v1/{account}/webhook_dry_runs";
const TESTS: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/tests";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, DRY_RUNS, &[Names::Account], Who::Admin, |method| on(method, count))
        .named("count_webhook_events", "How many events of late an endpoint would have been sent")
        .takes::<Asked>()
        .gives::<DryRun>(),
    Route::api(Verb::Post, TESTS, NAMES, Who::Admin, |method| on(method, test))
        .named("test_webhook_endpoint", "Call a webhook endpoint once, now; it is no delivery")
        .takes::<With>()
        .gives::<Trial>(),
];

/// What an endpoint would ask for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhookDryRun)]
struct Asked {
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    events: Vec<String>,
    /// The boards it would hear of; none: all.
    #[serde(default)]
    #[schema(value_type = Vec<BoardId>)]
    board_ids: Vec<String>,
}

/// What is sent: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhookTest)]
struct With {
    /// The name of a kind of event, of which its example is sent.
    event: Option<String>,
    /// A real event, by its number in the account’s log.
    sequence: Option<i64>,
}

async fn count(State(app): State<App>, Caller(actor): Caller, Json(asked): Json<Asked>) -> Result {
    let boards = asked.board_ids.iter().map(|id| id.parse());
    let boards: Vec<BoardId> =
        boards.collect::<std::result::Result<_, _>>().map_err(Problem::in_field("board_ids"))?;
    let found = endpoints::dry_run(app.pool(), &actor, &asked.events, &boards).await?;
    Ok(Answer(found).into_response())
}

async fn test(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EndpointId)>,
    Json(with): Json<With>,
) -> Result {
    endpoints::find(app.pool(), &actor, id).await?;
    let subject = match (with.event, with.sequence) {
        (Some(event), None) => event,
        (None, Some(sequence)) => sequence.to_string(),
        _ => return Err(domain::Error::invalid("event", "Give either this or `sequence`.").into()),
    };
    Ok(Answer(app.trials.run(&actor, id, &subject).await?).into_response())
}
