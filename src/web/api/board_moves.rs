//! Moves of a card to another board.

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
use crate::values::id::{BoardId, ColumnId};
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

pub(super) const ROUTES: &[Route] = &[Route::api(
    Verb::Post,
    "/api/v1/{account}/cards/{number}/board_moves",
    &[Names::Account, Names::Card],
    Who::Member,
    |method| on(method, create),
)
.named("move_card_to_board", "Move a card to another board")
.takes::<New>()
.gives_new::<CardJson>()
.tagged()];

/// Where to put the card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBoardMove)]
struct New {
    #[schema(value_type = BoardId)]
    board_id: String,
    /// The column, at whose end it comes to stand; that board’s first one if absent.
    #[schema(value_type = Option<ColumnId>)]
    column_id: Option<String>,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    Json(new): Json<New>,
) -> Result {
    let board: BoardId = new.board_id.parse().map_err(Problem::in_field("board_id"))?;
    let column = new.column_id.map(|id| id.parse::<ColumnId>()).transpose();
    let column = column.map_err(Problem::in_field("column_id"))?;
    let card = cards::move_to_board(&app.log, &actor, number, board, column).await?;
    answer_new(&app, &actor, card).await
}
