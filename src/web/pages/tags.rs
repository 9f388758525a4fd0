//! Tags put on a card, and taken off it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;

use super::cards;
use crate::domain;
use crate::domain::cards::{tag, untag};
use crate::values::TagName;
use crate::values::id::TagId;
use crate::views::Form;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Post,
        "/{account}/cards/{number}/tags",
        &[Names::Account, Names::Card],
        Who::Member,
        |method| on(method, create),
    ),
    Route::page(
        Verb::Delete,
        "/{account}/cards/{number}/tags/{tag}",
        &[Names::Account, Names::Card, Names::Tag],
        Who::Member,
        |method| on(method, destroy),
    ),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
    extract::Form(Fields { name }): extract::Form<Fields>,
) -> Result {
    let tagged = match TagName::parse(&name).map_err(domain::Error::in_field("name")) {
        Ok(name) => tag(&app.log, &viewer.actor, number, name).await,
        Err(error) => Err(error),
    };
    match tagged {
        Ok(card) => Ok(respond::done(&headers, &cards::path(&viewer, card.number))),
        Err(error) => {
            let typed = Form::default().with("name", name);
            cards::refused(&app, &viewer, number, typed, error).await
        }
    }
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number, tag)): Path<(String, i64, TagId)>,
) -> Result {
    let card = untag(&app.log, &viewer.actor, number, tag).await?;
    Ok(respond::done(&headers, &cards::path(&viewer, card.number)))
}
