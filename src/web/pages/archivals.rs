//! A board put away, and taken out of the archive.

use axum::extract::State;
use axum::routing::on;

use super::boards;
use crate::domain;
use crate::values::id::BoardId;
use crate::web::error::see_other;
use crate::web::extract::Path;
use crate::web::respond::Result;
use crate::web::route::Names::{self, Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const ARCHIVAL: &str = "/{account}/boards/{board}/archival";
const NAMES: &[Names] = &[Account, Board];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Post, ARCHIVAL, NAMES, Who::Member, |method| on(method, create)),
    Route::page(Verb::Delete, ARCHIVAL, NAMES, Who::Member, |method| on(method, destroy)),
];

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    domain::boards::archive(&app.log, &viewer.actor, board).await?;
    Ok(see_other(&boards::path(&viewer, board)))
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    domain::boards::restore(&app.log, &viewer.actor, board).await?;
    Ok(see_other(&boards::path(&viewer, board)))
}
