//! Columns of a board: adding, changing, moving and removing one.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::{Json, OptionalJson};
use super::problem::{Problem, Result};
use super::representation::ColumnJson;
use crate::domain::columns::{self, Column, Edit};
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Color, Name};
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const COLUMNS: &str = "/api/v1/{account}/boards/{board}/columns";
const COLUMN: &str = "/api/v1/{account}/boards/{board}/columns/{column}";
const MOVES: &str = "/api/v1/{account}/boards/{board}/columns/{column}/moves";
const OF_BOARD: &[Names] = &[Names::Account, Names::Board];
const NAMES: &[Names] = &[Names::Account, Names::Board, Names::Column];

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
        .takes::<Removal>(),
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

/// Where the cards go.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ColumnRemoval)]
struct Removal {
    /// The column that takes the cards; a column without any needs none.
    #[schema(value_type = Option<ColumnId>)]
    to_column_id: Option<String>,
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
    OptionalJson(removal): OptionalJson<Removal>,
) -> Result {
    let to = removal.to_column_id.as_deref().map(str::parse).transpose();
    let to = to.map_err(Problem::in_field("to_column_id"))?;
    columns::remove(&app.log, &actor, board, column, to).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
