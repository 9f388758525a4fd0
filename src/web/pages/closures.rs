//! A card closed and reopened, and the closed cards of a board.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;

use super::shell;
use crate::domain::{self, Page, cards};
use crate::values::id::{BoardId, CardId};
use crate::views;
use crate::web::extract::{Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const CLOSURE: &str = "/{account}/cards/{number}/closure";
const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Post, CLOSURE, NAMES, Who::Member, |method| on(method, create)),
    Route::page(Verb::Delete, CLOSURE, NAMES, Who::Member, |method| on(method, destroy)),
    Route::page(
        Verb::Get,
        "/{account}/boards/{board}/closed_cards",
        &[Names::Account, Names::Board],
        Who::Member,
        |method| on(method, index),
    ),
];

/// How many closed cards a page lists.
const SHOWN: i64 = 50;

#[derive(serde::Deserialize)]
struct After {
    after: Option<CardId>,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::close(&app.log, &viewer.actor, number).await?;
    Ok(respond::done(&headers, &super::cards::path(&viewer, card.number)))
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::reopen(&app.log, &viewer.actor, number).await?;
    Ok(respond::done(&headers, &super::cards::path(&viewer, card.number)))
}

async fn index(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    Query(After { after }): Query<After>,
) -> Result {
    let board = domain::boards::find(app.pool(), &viewer.actor, board).await?;
    let page = Page { after, limit: SHOWN };
    let closed = cards::closed(app.pool(), &viewer.actor, board.id, page).await?;
    let is_full = i64::try_from(closed.len()) == Ok(SHOWN);
    let next = closed.last().filter(|_| is_full).map(|card| card.id);
    let closed =
        cards::with_marks(&mut *app.connection().await?, viewer.actor.account.id, closed).await?;
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::closures::index(&shell, &board, &closed, next)))
}
