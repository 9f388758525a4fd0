//! Columns of a board.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::ColumnJson;
use crate::domain::columns;
use crate::values::Name;
use crate::values::id::BoardId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

pub(super) const ROUTES: &[Route] = &[Route::api(
    Verb::Post,
    "/api/v1/{account}/boards/{board}/columns",
    &[Names::Account, Names::Board],
    Who::Member,
    |method| on(method, create),
)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
    Json(new): Json<New>,
) -> Result {
    let name = Name::parse(&new.name).map_err(Problem::in_field("name"))?;
    let column = columns::add(&app.log, &actor, board, name).await?;
    let cards = Vec::new();
    Ok((StatusCode::CREATED, Answer(ColumnJson { column, cards })).into_response())
}
