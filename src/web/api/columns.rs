//! Columns of a board: adding, changing, moving and removing one.

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
use super::query::Query;
use super::representation::ColumnJson;
use crate::domain::columns::{self, Column, Edit};
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Color, Name};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const COLUMNS: &str = "/api/v1/{account}/boards/{board}/columns";
const COLUMN: &str = "/api/v1/{account}/boards/{board}/columns/{column}";
const MOVES: &str = "/api/v1/{account}/boards/{board}/columns/{column}/moves";
const OF_BOARD: &[Names] = &[Names::Account, Names::Board];
const NAMES: &[Names] = &[Names::Account, Names::Board, Names::Column];

/// Where the cards of a column that is removed go.
const TO: Parameter = Parameter::of::<ColumnId>(
    "to_column_id",
    "The column of the board that takes the cards; a column without any needs none.",
    "the id of a column",
);

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, COLUMNS, OF_BOARD, Who::Member, |method| on(method, create))
        .named("add_column", "Add a column at the end of a board")
        .takes::<New>()
        .gives_new::<ColumnJson>(),
    Route::api(Verb::Patch, COLUMN, NAMES, Who::Member, |method| on(method, update))
        .named("update_column", "Give a column another name or colour")
        .takes::<Changes>()
        .gives::<Column>(),
    Route::api(Verb::Post, MOVES, NAMES, Who::Member, |method| on(method, relocate))
        .named("move_column", "Move a column among those of its board")
        .takes::<Move>()
        .gives_new::<Column>(),
    Route::api(Verb::Delete, COLUMN, NAMES, Who::Member, |method| on(method, destroy))
        .named("remove_column", "Remove a column; its cards go to another one")
        .asked(&[TO]),
];

/// Which column of which board of which account.
type Ids = Path<(String, BoardId, ColumnId)>;

/// What to call the column.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewColumn)]
struct New {
    #[schema(value_type = Name)]
    name: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ColumnChanges)]
struct Changes {
    #[schema(value_type = Option<Name>)]
    name: Option<String>,
    #[schema(value_type = Option<Color>)]
    color: Option<String>,
}

/// Where to put the column.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewColumnMove)]
struct Move {
    /// Its place among the board’s other columns, counted from zero; the last one if absent.
    position: Option<u32>,
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

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board, column)): Ids,
    Json(changes): Json<Changes>,
) -> Result {
    let name = changes.name.as_deref().map(Name::parse).transpose();
    let color = changes.color.as_deref().map(Color::parse).transpose();
    let edit = Edit {
        name: name.map_err(Problem::in_field("name"))?,
        color: color.map_err(Problem::in_field("color"))?,
    };
    let column = columns::update(&app.log, &actor, board, column, edit).await?;
    Ok(Answer(column).into_response())
}

async fn relocate(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board, column)): Ids,
    Json(place): Json<Move>,
) -> Result {
    let column = columns::relocate(&app.log, &actor, board, column, place.position).await?;
    Ok((StatusCode::CREATED, Answer(column)).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board, column)): Ids,
    query: Query,
) -> Result {
    let to = query.one(&TO)?;
    columns::remove(&app.log, &actor, board, column, to).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
