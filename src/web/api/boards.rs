//! Boards, and the stream that tells of one.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use serde_json::json;

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::{BoardJson, CardOfColumn, ColumnJson};
use crate::domain::boards::{self, Board, BoardView};
use crate::live::Stream;
use crate::values::Name;
use crate::values::id::BoardId;
use crate::web::client::Client;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const BOARDS: &str = "/api/v1/{account}/boards";
const BOARD: &str = "/api/v1/{account}/boards/{board}";
const STREAM: &str = "/api/v1/{account}/boards/{board}/stream";

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, BOARDS, &[Names::Account], Who::Member, |method| on(method, index)),
    Route::api(Verb::Post, BOARDS, &[Names::Account], Who::Member, |method| on(method, create)),
    Route::api(Verb::Get, BOARD, &[Names::Account, Names::Board], Who::Member, |method| {
        on(method, show)
    }),
    Route::api(Verb::Get, STREAM, &[Names::Account, Names::Board], Who::Member, |method| {
        on(method, stream)
    }),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller) -> Result {
    let boards = boards::all(app.pool(), &actor).await?;
    let boards: Vec<Board> = boards.into_iter().map(|summary| summary.board).collect();
    Ok(Answer(boards).into_response())
}

async fn create(State(app): State<App>, Caller(actor): Caller, Json(new): Json<New>) -> Result {
    let name = Name::parse(&new.name).map_err(Problem::in_field("name"))?;
    let board = boards::create(&app.log, &actor, name).await?;
    let columns = Vec::new();
    Ok((StatusCode::CREATED, Answer(BoardJson { board, columns })).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, BoardId)>,
) -> Result {
    let BoardView { board, columns } = boards::view(app.pool(), &actor, id).await?;
    let columns = columns.into_iter().map(|(column, faces)| {
        let cards = faces.into_iter().map(|face| CardOfColumn {
            id: face.id,
            number: face.number,
            title: face.title,
            comments: face.comments,
        });
        ColumnJson { column, cards: cards.collect() }
    });
    Ok(Answer(BoardJson { board, columns: columns.collect() }).into_response())
}

/// Where to listen for what happens on a board: any client of Action Cable can.
async fn stream(
    State(app): State<App>,
    Caller(actor): Caller,
    axum::Extension(client): axum::Extension<Client>,
    Path((_, id)): Path<(String, BoardId)>,
) -> Result {
    let cursor = app.hub.cursor(&actor).await?;
    let board = boards::find(app.pool(), &actor, id).await?;
    let names = app.hub.names(&actor, &cursor, &[Stream::Board(board.id)]);
    let url = format!("{}/cable", client.origin.replacen("http", "ws", 1));
    let answer = json!({
        "url": url, "channel": "Turbo::StreamsChannel", "signed_stream_name": names.first(),
    });
    Ok(Answer(answer).into_response())
}
