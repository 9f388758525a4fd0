//! Closing a card, and reopening it.

use axum::extract::State;
use axum::routing::on;

use super::caller::Caller;
use super::cards::{answer, answer_new};
use super::problem::Result;
use super::representation::CardJson;
use crate::domain::cards;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const CLOSURE: &str = "/api/v1/{account}/cards/{number}/closure";
const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, CLOSURE, NAMES, Who::Member, |method| on(method, create))
        .named("close_card", "Close a card: it leaves its column")
        .gives_new::<CardJson>()
        .tagged(),
    Route::api(Verb::Delete, CLOSURE, NAMES, Who::Member, |method| on(method, destroy))
        .named("reopen_card", "Reopen a card at the end of its column")
        .gives::<CardJson>()
        .tagged(),
];

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::close(&app.log, &actor, number).await?;
    answer_new(&app, &actor, card).await
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::reopen(&app.log, &actor, number).await?;
    answer(&app, &actor, card).await
}
