//! The feeds: what happened in the account, and on one board.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::domain::{boards, feed};
use crate::live::Stream;
use crate::values::id::BoardId;
use crate::views;
use crate::web::extract::{Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/activity", &[Account], Who::Member, |method| {
        on(method, of_account)
    }),
    Route::page(
        Verb::Get,
        "/{account}/boards/{board}/activity",
        &[Account, Board],
        Who::Member,
        |method| on(method, of_board),
    ),
];

/// From where a page of a feed goes back in time: the sequence that it does not show any more.
#[derive(serde::Deserialize)]
pub(super) struct Before {
    pub(super) before: Option<i64>,
}

async fn of_account(
    State(app): State<App>,
    viewer: Viewer,
    Query(Before { before }): Query<Before>,
) -> Result {
    let cursor = app.hub.cursor(&viewer.actor).await?;
    let feed = feed::of_account(&app.log, &viewer.actor, before).await?;
    // An older page does not change: what happens now belongs on the newest.
    let streams = if before.is_none() { &[Stream::AccountActivities][..] } else { &[] };
    let shell = shell::following(&app, &viewer, &cursor, streams).await?;
    Ok(respond::page(views::activities::show(&shell, None, &feed, before.is_none())))
}

async fn of_board(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let cursor = app.hub.cursor(&viewer.actor).await?;
    let board = boards::find(app.pool(), &viewer.actor, board).await?;
    let feed = feed::of_board(&app.log, &viewer.actor, board.id, before).await?;
    let streams = if before.is_none() { &[Stream::BoardActivities(board.id)][..] } else { &[] };
    let shell = shell::following(&app, &viewer, &cursor, streams).await?;
    Ok(respond::page(views::activities::show(&shell, Some(&board), &feed, before.is_none())))
}
