//! A card moved, by drag or by form.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;

use super::cards;
use crate::domain;
use crate::domain::cards::Card;
use crate::web::extract::{Form, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[Route::page(
    Verb::Post,
    "/{account}/cards/{number}/moves",
    &[Names::Account, Names::Card],
    Who::Member,
    |method| on(method, create),
)];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    column_id: String,
    position: Option<String>,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
    Form(fields): Form<Fields>,
) -> Result {
    let card = relocate(&app, &viewer, number, &fields).await?;
    Ok(respond::done(&headers, &cards::path(&viewer, card.number)))
}

async fn relocate(
    app: &App,
    viewer: &Viewer,
    number: i64,
    fields: &Fields,
) -> domain::Result<Card> {
    let column = cards::column_id(&fields.column_id)?;
    let position = cards::position(fields.position.as_deref())?;
    domain::cards::relocate(&app.log, &viewer.actor, number, column, position).await
}
