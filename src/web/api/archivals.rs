//! A board put away, and taken out of the archive.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::caller::Caller;
use super::problem::Result;
use crate::domain::boards::{self, Board};
use crate::values::id::BoardId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ARCHIVAL: &str = "/api/v1/{account}/boards/{board}/archival";
const NAMES: &[Names] = &[Names::Account, Names::Board];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, ARCHIVAL, NAMES, Who::Member, |method| on(method, create))
        .named("archive_board", "Put a board away: it can be read, and nothing on it changes")
        .gives_new::<Board>(),
    Route::api(Verb::Delete, ARCHIVAL, NAMES, Who::Member, |method| on(method, destroy))
        .named("restore_board", "Take a board out of the archive"),
];

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    let board = boards::archive(&app.log, &actor, board).await?;
    Ok((StatusCode::CREATED, Answer(board)).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    boards::restore(&app.log, &actor, board).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
