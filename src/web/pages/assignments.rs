//! A card made somebody's work, and taken off them.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;

use super::cards;
use crate::domain;
use crate::domain::cards::{assign, unassign};
use crate::values::id::UserId;
use crate::views::Form;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Post,
        "/{account}/cards/{number}/assignments",
        &[Names::Account, Names::Card],
        Who::Member,
        |method| on(method, create),
    ),
    Route::page(
        Verb::Delete,
        "/{account}/cards/{number}/assignments/{member}",
        &[Names::Account, Names::Card, Names::Member],
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
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
    extract::Form(Fields { user_id }): extract::Form<Fields>,
) -> Result {
    let assigned = match user_id.parse().map_err(|_| nobody()) {
        Ok(user) => assign(&app.log, &viewer.actor, number, user).await,
        Err(error) => Err(error),
    };
    match assigned {
        Ok(card) => Ok(respond::done(&headers, &cards::path(&viewer, card.number))),
        Err(error) => cards::refused(&app, &viewer, number, Form::default(), error).await,
    }
}

/// The refusal of what is no member's id.
fn nobody() -> domain::Error {
    domain::Error::invalid("user_id", "Choose somebody who sees this board.")
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number, user)): Path<(String, i64, UserId)>,
) -> Result {
    let card = unassign(&app.log, &viewer.actor, number, user).await?;
    Ok(respond::done(&headers, &cards::path(&viewer, card.number)))
}
