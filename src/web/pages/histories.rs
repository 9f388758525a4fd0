//! Histories: of a card, of a board, and an entry by itself.

use axum::extract::State;
use axum::routing::on;
use sqlx::PgConnection;

use super::activity::Before;
use super::shell;
use crate::domain::feed::{self, Feed};
use crate::domain::restorations::Undone;
use crate::domain::{self, Origins, boards, cards};
use crate::events::history::From;
use crate::values::id::{BoardId, EventId};
use crate::views;
use crate::views::history::{Known, Told};
use crate::web::extract::{Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account, Board, Event};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const OF_CARD: &str = "/{account}/cards/{number}/history";
const OF_BOARD: &str = "/{account}/boards/{board}/history";
const ENTRY: &str = "/{account}/activities/{event}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, OF_CARD, &[Account, Names::Card], Who::Member, |m| on(m, of_card)),
    Route::page(Verb::Get, OF_BOARD, &[Account, Board], Who::Member, |m| on(m, of_board)),
    Route::page(Verb::Get, ENTRY, &[Account, Event], Who::Member, |m| on(m, entry)),
];

async fn of_card(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let (actor, mut connection) = (&viewer.actor, app.connection().await?);
    // The history of a card outlives it.
    let (card, is_there, title) = match cards::find(&mut *connection, actor, number).await {
        Ok(card) => (card.id, true, card.title),
        Err(domain::Error::NotFound) => {
            let gone = cards::gone(&app.log, &mut connection, actor, number).await?;
            (gone.id, false, gone.title)
        }
        Err(error) => return Err(error.into()),
    };
    let from = before.map_or(From::Newest, From::Before);
    let feed = feed::history_of(&app.log, &mut connection, actor, card, from, feed::PAGE).await?;
    let (origins, undone) = beside(&mut connection, &viewer, &feed).await?;
    let told = Told::Card { id: is_there.then_some(card), number, title: &title };
    Ok(respond::page(views::history::page(&shell, &told, (&feed, &origins, &undone), before)))
}

async fn of_board(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let (actor, mut connection) = (&viewer.actor, app.connection().await?);
    let board = boards::find(&mut *connection, actor, board).await?;
    let from = before.map_or(From::Newest, From::Before);
    let feed = feed::history_of_board(&app.log, &mut connection, actor, board.id, from).await?;
    let (origins, undone) = beside(&mut connection, &viewer, &feed).await?;
    let told = Told::Board(&board);
    Ok(respond::page(views::history::page(&shell, &told, (&feed, &origins, &undone), before)))
}

async fn entry(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, event)): Path<(String, EventId)>,
) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let feed = feed::of_one(&app.log, &viewer.actor, event).await?;
    let (origins, undone) = beside(&mut *app.connection().await?, &viewer, &feed).await?;
    let known = Known::of(&feed, (&origins, &undone), &viewer.actor);
    Ok(respond::page(views::history::show(&shell, &feed.activities[0], known)))
}

/// What stands beside the entries: from where they were done, and what was undone by what.
async fn beside(
    connection: &mut PgConnection,
    viewer: &Viewer,
    feed: &Feed,
) -> domain::Result<(Origins, Undone)> {
    let headers = feed.activities.iter().map(|activity| &activity.header);
    let origins = Origins::of(&mut *connection, &viewer.actor, headers.clone()).await?;
    let undone = Undone::of(connection, viewer.actor.account.id, headers).await?;
    Ok((origins, undone))
}
