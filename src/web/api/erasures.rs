//! Erasing what is kept of somebody who was a member.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::caller::Caller;
use super::problem::Result;
use crate::domain::erasures;
use crate::values::id::UserId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ERASURE: &str = "/api/v1/{account}/members/{member}/erasure";
const NAMES: &[Names] = &[Names::Account, Names::Member];

pub(super) const ROUTES: &[Route] =
    &[Route::api(Verb::Post, ERASURE, NAMES, Who::Admin, |method| on(method, create)).named(
        "erase_member",
        "Erase what is kept of somebody who was removed, for owners; it cannot be taken back",
    )];

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    erasures::erase(&app.log, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
