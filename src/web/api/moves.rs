//! Moves of a card within its column and between columns.

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
use crate::values::id::ColumnId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

pub(super) const ROUTES: &[Route] = &[Route::api(
    Verb::Post,
    "/api/v1/{account}/cards/{number}/moves",
    &[Names::Account, Names::Card],
    Who::Member,
    |method| on(method, create),
)
.named("move_card", "Move a card within its column or to another of its board")
.takes::<New>()
.gives_new::<CardJson>()
.tagged()];

/// Where to put the card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMove)]
struct New {
    #[schema(value_type = ColumnId)]
    column_id: String,
    /// Its place among the column’s other cards, counted from zero; the last one if absent.
    position: Option<u32>,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    Json(new): Json<New>,
) -> Result {
    let column: ColumnId = new.column_id.parse().map_err(Problem::in_field("column_id"))?;
    let card = cards::relocate(&app.log, &actor, number, column, new.position).await?;
    answer_new(&app, &actor, card).await
}
