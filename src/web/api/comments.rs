//! Comments on a card.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::etags;
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use super::representation::CommentJson;
use crate::domain::comments::{self, Comment};
use crate::domain::{Actor, cards};
use crate::values::CommentBody;
use crate::values::id::CommentId;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const COMMENTS: &str = "/api/v1/{account}/cards/{number}/comments";
const COMMENT: &str = "/api/v1/{account}/cards/{number}/comments/{comment}";
const NAMES: &[Names] = &[Names::Account, Names::Card];
const ONE: &[Names] = &[Names::Account, Names::Card, Names::Comment];
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
    Route::api(Verb::Get, COMMENT, ONE, Who::Member, |method| on(method, show))
        .named("get_comment", "A comment")
        .gives::<CommentJson>()
        .tagged(),
    Route::api(Verb::Patch, COMMENT, ONE, Who::Member, |method| on(method, update))
        .named("edit_comment", "Edit a comment of one’s own")
        .takes::<New>()
        .gives::<CommentJson>()
        .tagged(),
    Route::api(Verb::Delete, COMMENT, ONE, Who::Member, |method| on(method, destroy))
        .named("delete_comment", "Delete a comment; that it was written stays in the history"),
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

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
    headers: HeaderMap,
) -> Result {
    let comment = comments::find(app.pool(), &actor, number, id).await?;
    let tag = tag(&comment);
    Ok(etags::tagged(&headers, tag, || Answer(CommentJson::from(comment)).into_response()))
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
    headers: HeaderMap,
    Json(new): Json<New>,
) -> Result {
    let body = CommentBody::parse(&new.body).map_err(Problem::in_field("body"))?;
    let version = match headers.contains_key(IF_MATCH) {
        true => Some(expected(&app, &actor, (number, id), &headers).await?),
        false => None,
    };
    let comment = comments::edit(&app.log, &actor, number, id, body, version).await?;
    Ok(([(ETAG, tag(&comment))], Answer(CommentJson::from(comment))).into_response())
}

/// The version that an `If-Match` stands for.
async fn expected(
    app: &App,
    actor: &Actor,
    (number, id): (i64, CommentId),
    headers: &HeaderMap,
) -> Result<i64> {
    let comment = comments::find(app.pool(), actor, number, id).await?;
    if !etags::may_edit(headers, &tag(&comment)) {
        let detail = "The comment has changed since you read it; read it again.";
        return Err(Problem::refused(StatusCode::PRECONDITION_FAILED, detail));
    }
    Ok(comment.version)
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
) -> Result {
    comments::delete(&app.log, &actor, number, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn tag(comment: &Comment) -> String {
    format!("\"{}\"", comment.version)
}
