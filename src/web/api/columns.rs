//! Columns of a board.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

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
)
.named("add_column", "Add a column at the end of a board")
.takes::<New>()
.gives_new::<ColumnJson>()];

/// What to call the column.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewColumn)]
struct New {
    #[schema(value_type = Name)]
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
