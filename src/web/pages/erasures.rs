//! Erasing what is kept of somebody who was a member.

use axum::extract::State;
use axum::routing::on;

use super::{members, shell};
use crate::domain::{erasures, users};
use crate::values::id::UserId;
use crate::views;
use crate::web::error::see_other;
use crate::web::extract::Path;
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const ERASURE: &str = "/{account}/members/{member}/erasure";
const NAMES: &[Names] = &[Account, Names::Member];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, ERASURE, NAMES, Who::Admin, |method| on(method, confirm)),
    Route::page(Verb::Post, ERASURE, NAMES, Who::Admin, |method| on(method, create)),
];

/// Asks first, on a page of its own.
async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    viewer.actor.may_own()?;
    let user = users::find_or_former(app.pool(), &viewer.actor, id).await?;
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::erasures::confirm(&shell, &user)))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    match erasures::erase(&app.log, &viewer.actor, id).await {
        Ok(()) => Ok(see_other(&members::path_after(&viewer, "erased"))),
        Err(error) => members::refuse(&app, &viewer, error).await,
    }
}
