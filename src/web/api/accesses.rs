//! Who sees a board.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page;
use super::problem::{Problem, Result};
use crate::domain::boards::{self, Board};
use crate::domain::users::User;
use crate::values::Grantee;
use crate::values::id::BoardId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ACCESSES: &str = "/api/v1/{account}/boards/{board}/accesses";
const ACCESS: &str = "/api/v1/{account}/boards/{board}/accesses/{grantee}";
const NAMES: &[Names] = &[Names::Account, Names::Board];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, ACCESSES, NAMES, Who::Member, |method| on(method, index))
        .named("list_board_accesses", "The people who were chosen to see a board, by name")
        .gives_page::<User>(),
    Route::api(Verb::Post, ACCESSES, NAMES, Who::Member, |method| on(method, create))
        .named("grant_board_access", "Let a person see a board, or open it to everyone")
        .takes::<New>()
        .gives_new::<Board>(),
    Route::api(
        Verb::Delete,
        ACCESS,
        &[Names::Account, Names::Board, Names::Grantee],
        Who::Member,
        |method| on(method, destroy),
    )
    .named("revoke_board_access", "Take a board from a person, or from all who were not chosen"),
];

/// Who is to see the board.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBoardAccess)]
struct New {
    #[schema(value_type = Grantee)]
    user_id: String,
}

/// There are no more of them than members, so they are one page.
async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    let board = boards::find(app.pool(), &actor, board).await?;
    let chosen = boards::chosen(app.pool(), actor.account.id, board.id).await?;
    Ok(page::linked(&chosen, None))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
    Json(new): Json<New>,
) -> Result {
    let to: Grantee = new.user_id.parse().map_err(Problem::in_field("user_id"))?;
    let board = boards::grant(&app.log, &actor, board, to).await?;
    Ok((StatusCode::CREATED, Answer(board)).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board, from)): Path<(String, BoardId, Grantee)>,
) -> Result {
    boards::revoke(&app.log, &actor, board, from).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
