//! The search box: cards and comments by their words, or a card by its number.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::domain;
use crate::domain::search;
use crate::values::SearchQuery;
use crate::values::id::FindableId;
use crate::views::search::Searched;
use crate::views::{self, Form};
use crate::web::extract::Query;
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/{account}/search", &[Account], Who::Member, |method| {
        on(method, show)
    })];

/// What is looked for, and after which hit.
#[derive(serde::Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    after: Option<FindableId>,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Query(Asked { q, after }): Query<Asked>,
) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let form = Form::default().with("q", q.as_str());
    if q.trim().is_empty() {
        return Ok(respond::page(views::search::show(&shell, &form, None)));
    }
    match SearchQuery::parse(&q).map_err(domain::Error::in_field("q")) {
        Ok(query) => {
            let found = search::find(app.pool(), &viewer.actor, &query, after).await?;
            let searched = Searched { query: &query, found: &found, is_first: after.is_none() };
            Ok(respond::page(views::search::show(&shell, &form, Some(searched))))
        }
        Err(error) => {
            let form = form.refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(views::search::show(&shell, &form, None)))
        }
    }
}
