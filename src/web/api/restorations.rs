//! Undoing what happened.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::cards::answer_new;
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::CardJson;
use crate::domain::cards;
use crate::domain::restorations::{self, Choice};
use crate::values::id::{ColumnId, EventId};
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

pub(super) const ROUTES: &[Route] = &[Route::api(
    Verb::Post,
    "/api/v1/{account}/events/{event}/restoration",
    &[Names::Account, Names::Event],
    Who::Member,
    |method| on(method, create),
)
.named(
    "undo_event",
    "Undo an edit, a move, a closing or a deletion, as a new event that names the one it undoes",
)
.takes::<New>()
.gives_new::<CardJson>()
.tagged()];

/// How to undo it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRestoration)]
struct New {
    /// The column that the card comes to; the one that it left if absent.
    #[schema(value_type = Option<ColumnId>)]
    column_id: Option<String>,
    /// The version of the words that were seen: with another one now nothing is changed.
    version: Option<i64>,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, event)): Path<(String, EventId)>,
    Json(new): Json<New>,
) -> Result {
    let column_id = new.column_id.map(|id| id.parse::<ColumnId>()).transpose();
    let column_id = column_id.map_err(Problem::in_field("column_id"))?;
    let choice = Choice { column_id, version: new.version };
    let number = restorations::restore(&app.log, &actor, event, choice).await?;
    let card = cards::find(app.pool(), &actor, number).await?;
    answer_new(&app, &actor, card).await
}
