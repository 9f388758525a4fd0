//! A card deleted: asking first, and what stands where it was.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::{boards, shell};
use crate::domain::cards;
use crate::domain::{comments, feed};
use crate::events::sentence::{SYSTEM, name};
use crate::views;
use crate::web::error::see_other;
use crate::web::extract::Path;
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/cards/{number}/deletion", NAMES, Who::Member, |method| {
        on(method, new)
    }),
    Route::page(Verb::Delete, "/{account}/cards/{number}", NAMES, Who::Member, |method| {
        on(method, create)
    }),
];

async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::find(app.pool(), &viewer.actor, number).await?;
    cards::may_delete(&viewer.actor, &card)?;
    let comments = comments::of_card(app.pool(), viewer.actor.account.id, card.id).await?;
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::deletions::new(&shell, &card, comments.len())))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let board = cards::find(app.pool(), &viewer.actor, number).await?.board_id;
    cards::delete(&app.log, &viewer.actor, number).await?;
    Ok(see_other(&boards::path(&viewer, board)))
}

/// The page that says that a card is gone (410), for whoever could see it.
pub(super) async fn gone(app: &App, viewer: &Viewer, number: i64) -> Result {
    let (actor, mut connection) = (&viewer.actor, app.connection().await?);
    let gone = cards::gone(&app.log, &mut connection, actor, number).await?;
    let deletion = std::slice::from_ref(&gone.deletion);
    let people = feed::people(&mut *connection, actor.account.id, deletion).await?;
    drop(connection);
    let by = gone.deletion.header.creator_id.map_or(SYSTEM, |id| name(id, &people));
    let shell = shell::of_viewer(app, viewer).await?;
    let page = respond::page(views::deletions::gone(&shell, &gone, by));
    Ok((StatusCode::GONE, page).into_response())
}
