//! Boards, and the stream that tells of one.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use super::representation::{BoardJson, CardOfColumn, ColumnJson, PastJson, StreamJson};
use crate::domain::boards::{self, Board, BoardView, Past};
use crate::domain::cards::CardFace;
use crate::domain::columns::Column;
use crate::live::Stream;
use crate::values::id::BoardId;
use crate::values::{BoardAccess, Name};
use crate::web::client::Client;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const BOARDS: &str = "/api/v1/{account}/boards";
const BOARD: &str = "/api/v1/{account}/boards/{board}";
const STREAM: &str = "/api/v1/{account}/boards/{board}/stream";

const NAMES: &[Names] = &[Names::Account, Names::Board];
const AT: Parameter = Parameter::of::<String>(
    "at",
    "The board as it was after the activity of this sequence, or after all that was recorded by this \
     time: rebuilt from events alone.",
    "a sequence, or a time such as 2026-11-25T09:30:00Z",
);
const PAGE: &[Parameter] = &[after::<BoardId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, BOARDS, &[Names::Account], Who::Member, |method| on(method, index))
        .named("list_boards", "The boards, the oldest first")
        .asked(PAGE)
        .gives_page::<Board>(),
    Route::api(Verb::Post, BOARDS, &[Names::Account], Who::Member, |method| on(method, create))
        .named("create_board", "Make a board, without columns yet")
        .takes::<New>()
        .gives_new::<BoardJson>(),
    Route::api(Verb::Get, BOARD, NAMES, Who::Member, |method| on(method, show))
        .named("get_board", "A board with its columns and their cards, in order, now or as it was")
        .asked(&[AT])
        .gives::<BoardJson>(),
    Route::api(Verb::Patch, BOARD, NAMES, Who::Member, |method| on(method, update))
        .named("update_board", "Rename a board")
        .takes::<Changes>()
        .gives::<Board>(),
    Route::api(Verb::Get, STREAM, NAMES, Who::Member, |method| on(method, stream))
        .named("get_board_stream", "Where to listen for what happens on a board")
        .gives::<StreamJson>(),
];

/// What to call the board, and who sees it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBoard)]
struct New {
    #[schema(value_type = Name)]
    name: String,
    /// Everyone in the account if absent; of those who are chosen, whoever makes it is the first.
    #[serde(default)]
    access: BoardAccess,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BoardChanges)]
struct Changes {
    #[schema(value_type = Option<Name>)]
    name: Option<String>,
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let boards = boards::page(app.pool(), &actor, page).await?;
    Ok(page::list(&boards, &page, &query, |board| board.id))
}

async fn create(State(app): State<App>, Caller(actor): Caller, Json(new): Json<New>) -> Result {
    let name = Name::parse(&new.name).map_err(Problem::in_field("name"))?;
    let board = boards::create(&app.log, &actor, name, new.access).await?;
    let columns = Vec::new();
    let location = format!("/api/v1/{}/boards/{}", actor.account.slug, board.id);
    let board = Answer(BoardJson { board, columns, past: None });
    Ok((StatusCode::CREATED, [(LOCATION, location)], board).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, BoardId)>,
    query: Query,
) -> Result {
    let mut connection = app.connection().await?;
    if let Some(at) = query.one::<String>(&AT)? {
        let point = boards::point(&mut connection, &actor, id, &at).await?.exactly()?;
        let past = boards::as_it_was(&app.log, &mut connection, &actor, id, point).await?;
        return Ok(Answer(as_it_was(past)).into_response());
    }
    let BoardView { board, columns } = boards::view(&mut connection, &actor, id).await?;
    let columns = columns.into_iter().map(|(column, faces)| of_column(column, faces)).collect();
    Ok(Answer(BoardJson { board, columns, past: None }).into_response())
}

fn as_it_was(past: Past) -> BoardJson {
    let point = PastJson::from(&past);
    let columns = past.columns.into_iter().map(|shown| of_column(shown.column, shown.open));
    BoardJson { board: past.board, columns: columns.collect(), past: Some(point) }
}

fn of_column(column: Column, faces: Vec<CardFace>) -> ColumnJson {
    let cards = faces.into_iter().map(|face| CardOfColumn {
        id: face.id,
        number: face.number,
        title: face.title,
        comments: face.comments,
        assignees: face.assignees.into_iter().map(|person| person.id).collect(),
        tags: face.tags,
    });
    ColumnJson { column, cards: cards.collect() }
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, BoardId)>,
    Json(changes): Json<Changes>,
) -> Result {
    let name = changes.name.as_deref().map(Name::parse).transpose();
    let board = match name.map_err(Problem::in_field("name"))? {
        Some(name) => boards::rename(&app.log, &actor, id, name).await?,
        None => boards::find(app.pool(), &actor, id).await?,
    };
    Ok(Answer(board).into_response())
}

/// Where to listen for what happens on a board: any client of Action Cable can.
async fn stream(
    State(app): State<App>,
    Caller(actor): Caller,
    axum::Extension(client): axum::Extension<Client>,
    Path((_, id)): Path<(String, BoardId)>,
) -> Result {
    let cursor = app.hub.cursor(app.pool(), &actor).await?;
    let board = boards::find(app.pool(), &actor, id).await?;
    let names = app.hub.names(&actor, &cursor, &[Stream::Board(board.id)]);
    let url = format!("{}/cable", client.origin.replacen("http", "ws", 1));
    let signed_stream_name = names.into_iter().next();
    let stream = StreamJson { url, channel: "Turbo::StreamsChannel", signed_stream_name };
    Ok(Answer(stream).into_response())
}
