//! Who sees a board: letting somebody see it, and taking it from them.

use axum::extract::State;
use axum::response::Response;
use axum::routing::on;

use super::boards;
use crate::domain;
use crate::values::Grantee;
use crate::values::id::BoardId;
use crate::views::Form;
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::Result;
use crate::web::route::Names::{self, Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Post,
        "/{account}/boards/{board}/accesses",
        &[Account, Board],
        Who::Member,
        |method| on(method, create),
    ),
    Route::page(
        Verb::Delete,
        "/{account}/boards/{board}/accesses/{grantee}",
        &[Account, Board, Names::Grantee],
        Who::Member,
        |method| on(method, destroy),
    ),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    user_id: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    extract::Form(Fields { user_id }): extract::Form<Fields>,
) -> Result {
    let granted = match user_id.parse::<Grantee>().map_err(domain::Error::in_field("user_id")) {
        Ok(to) => domain::boards::grant(&app.log, &viewer.actor, board, to).await.map(drop),
        Err(error) => Err(error),
    };
    settings(&app, &viewer, board, granted).await
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board, from)): Path<(String, BoardId, Grantee)>,
) -> Result {
    let revoked = domain::boards::revoke(&app.log, &viewer.actor, board, from).await;
    if revoked.is_ok() && !domain::boards::is_seen(app.pool(), &viewer.actor, board).await? {
        // They took it from themselves.
        return Ok(see_other(&format!("/{}", viewer.actor.account.slug)));
    }
    settings(&app, &viewer, board, revoked).await
}

/// Back to the board’s settings, with what was wrong if something was.
async fn settings(
    app: &App,
    viewer: &Viewer,
    board: BoardId,
    done: domain::Result<()>,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(see_other(&boards::settings_path(viewer, board))),
        Err(error) => boards::settings_again(app, viewer, board, Form::default(), error).await,
    }
}
