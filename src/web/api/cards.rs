//! Cards: adding, reading, editing, and their history.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use serde::Deserialize;

use super::activities;
use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::CardJson;
use crate::domain::cards::{self, Card, Edit};
use crate::domain::feed;
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Description, Title};
use crate::web::extract::{Path, Query};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const OF_BOARD: &str = "/api/v1/{account}/boards/{board}/cards";
const CARD: &str = "/api/v1/{account}/cards/{number}";
const HISTORY: &str = "/api/v1/{account}/cards/{number}/history";
const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, OF_BOARD, &[Names::Account, Names::Board], Who::Member, |method| {
        on(method, create)
    }),
    Route::api(Verb::Get, CARD, NAMES, Who::Member, |method| on(method, show)),
    Route::api(Verb::Patch, CARD, NAMES, Who::Member, |method| on(method, update)),
    Route::api(Verb::Get, HISTORY, NAMES, Who::Member, |method| on(method, history)),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    title: String,
    column_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    title: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Before {
    before: Option<i64>,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
    Json(new): Json<New>,
) -> Result {
    let title = Title::parse(&new.title).map_err(Problem::in_field("title"))?;
    let column = new.column_id.map(|id| id.parse::<ColumnId>()).transpose();
    let column = column.map_err(Problem::in_field("column_id"))?;
    let card = cards::add(&app.log, &actor, board, column, title).await?;
    Ok((StatusCode::CREATED, answer(card)).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    Ok(answer(cards::find(app.pool(), &actor, number).await?))
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
    Json(changes): Json<Changes>,
) -> Result {
    let edit = Edit {
        title: changes
            .title
            .as_deref()
            .map(Title::parse)
            .transpose()
            .map_err(Problem::in_field("title"))?,
        description: changes
            .description
            .as_deref()
            .map(Description::parse)
            .transpose()
            .map_err(Problem::in_field("description"))?,
        version: expected(&app, &actor, number, &headers).await?,
    };
    Ok(answer(cards::update(&app.log, &actor, number, edit).await?))
}

/// The version that an If-Match stands for (RFC 9110 section 13.1.1).
async fn expected(
    app: &App,
    actor: &crate::domain::Actor,
    number: i64,
    headers: &HeaderMap,
) -> Result<Option<i64>> {
    let Some(tags) = headers.get(IF_MATCH).and_then(|tags| tags.to_str().ok()) else {
        return Ok(None);
    };
    let card = cards::find(app.pool(), actor, number).await?;
    let tag = tag(&card);
    let matches = tags.split(',').map(str::trim).any(|wanted| wanted == "*" || wanted == tag);
    if !matches {
        let detail = "The card has changed since you read it; read it again.";
        return Err(Problem::refused(StatusCode::PRECONDITION_FAILED, detail));
    }
    Ok(Some(card.version))
}

async fn history(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((account, number)): Path<(String, i64)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let feed = feed::of_card(&app.log, &actor, number, before).await?;
    let path = HISTORY.replace("{account}", &account).replace("{number}", &number.to_string());
    Ok(activities::list(&feed, &format!("{path}?before=")))
}

/// A card, with the tag of what it is now.
pub(super) fn answer(card: Card) -> Response {
    ([(ETAG, tag(&card))], Answer(CardJson::from(card))).into_response()
}

fn tag(card: &Card) -> String {
    format!("\"{}-{}\"", card.version, card.updated_at.unix_timestamp_nanos() / 1_000)
}
