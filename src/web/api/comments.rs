//! Comments on a card.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::CommentJson;
use crate::domain::{cards, comments};
use crate::values::CommentBody;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const COMMENTS: &str = "/api/v1/{account}/cards/{number}/comments";
const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, COMMENTS, NAMES, Who::Member, |method| on(method, index)),
    Route::api(Verb::Post, COMMENTS, NAMES, Who::Member, |method| on(method, create)),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    body: String,
}

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = cards::find(app.pool(), &actor, number).await?;
    let comments = comments::of_card(app.pool(), actor.account.id, card.id).await?;
    let comments: Vec<CommentJson> = comments.into_iter().map(Into::into).collect();
    Ok(Answer(comments).into_response())
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    Json(new): Json<New>,
) -> Result {
    let body = CommentBody::parse(&new.body).map_err(Problem::in_field("body"))?;
    let comment = comments::add(&app.log, &actor, number, body).await?;
    Ok((StatusCode::CREATED, Answer(CommentJson::from(comment))).into_response())
}
