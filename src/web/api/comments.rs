//! Comments on a card.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use super::representation::CommentJson;
use crate::domain::{cards, comments};
use crate::values::CommentBody;
use crate::values::id::CommentId;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const COMMENTS: &str = "/api/v1/{account}/cards/{number}/comments";
const NAMES: &[Names] = &[Names::Account, Names::Card];
const PAGE: &[Parameter] = &[after::<CommentId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, COMMENTS, NAMES, Who::Member, |method| on(method, index))
        .named("list_comments", "The comments on a card, the oldest first")
        .asked(PAGE)
        .gives_page::<CommentJson>(),
    Route::api(Verb::Post, COMMENTS, NAMES, Who::Member, |method| on(method, create))
        .named("add_comment", "Comment on a card, and follow it from then on")
        .takes::<New>()
        .gives_new::<CommentJson>(),
];

/// What to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewComment)]
struct New {
    #[schema(value_type = CommentBody)]
    body: String,
}

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    query: Query,
) -> Result {
    let page = page::asked(&query)?;
    let card = cards::find(app.pool(), &actor, number).await?;
    let comments = comments::page(app.pool(), actor.account.id, card.id, page).await?;
    let comments: Vec<CommentJson> = comments.into_iter().map(Into::into).collect();
    Ok(page::list(&comments, &page, &query, |comment| comment.id))
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
