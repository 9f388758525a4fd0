//! Cards: adding, reading, editing, and their history.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::activities::{self, BEFORE};
use super::caller::Caller;
use super::etags;
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use super::representation::{ActivityJson, CardJson};
use crate::domain::cards::{self, Card, Edit};
use crate::domain::{Actor, boards, feed};
use crate::events::history::From;
use crate::values::id::{BoardId, CardId, ColumnId};
use crate::values::{Description, Title};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const OF_BOARD: &str = "/api/v1/{account}/boards/{board}/cards";
const CARD: &str = "/api/v1/{account}/cards/{number}";
const HISTORY: &str = "/api/v1/{account}/cards/{number}/history";
const CLOSED: &str = "/api/v1/{account}/boards/{board}/closed_cards";
const NAMES: &[Names] = &[Names::Account, Names::Card];
const PAGE: &[Parameter] = &[after::<CardId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, OF_BOARD, &[Names::Account, Names::Board], Who::Member, |method| {
        on(method, create)
    })
    .named("add_card", "Add a card to a board")
    .takes::<New>()
    .gives_new::<CardJson>()
    .tagged(),
    Route::api(Verb::Get, CARD, NAMES, Who::Member, |method| on(method, show))
        .named("get_card", "A card")
        .gives::<CardJson>()
        .tagged(),
    Route::api(Verb::Patch, CARD, NAMES, Who::Member, |method| on(method, update))
        .named("update_card", "Edit a card’s title and description")
        .takes::<Changes>()
        .gives::<CardJson>()
        .tagged(),
    Route::api(Verb::Delete, CARD, NAMES, Who::Member, |method| on(method, destroy))
        .named("delete_card", "Delete a card with all that hangs on it; its history stays"),
    Route::api(Verb::Get, CLOSED, &[Names::Account, Names::Board], Who::Member, |method| {
        on(method, closed)
    })
    .named("list_closed_cards", "The closed cards of a board, the newest card first")
    .asked(PAGE)
    .gives_page::<CardJson>(),
    Route::api(Verb::Get, HISTORY, NAMES, Who::Member, |method| on(method, history))
        .named("get_card_history", "What happened to a card, the newest first")
        .asked(&[BEFORE, LIMIT])
        .gives_page::<ActivityJson>(),
];

/// What the card is called, and where it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCard)]
struct New {
    #[schema(value_type = Title)]
    title: String,
    /// The column; the board’s first one if absent.
    #[schema(value_type = Option<ColumnId>)]
    column_id: Option<String>,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CardChanges)]
struct Changes {
    #[schema(value_type = Option<Title>)]
    title: Option<String>,
    #[schema(value_type = Option<Description>)]
    description: Option<String>,
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
    let location = format!("/api/v1/{}/cards/{}", actor.account.slug, card.number);
    let answer = answer(&app, &actor, card).await?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], answer).into_response())
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result {
    let card = cards::find(app.pool(), &actor, number).await?;
    let marks = cards::marks(&mut *app.connection().await?, actor.account.id, card.id).await?;
    let tag = tag(&card);
    Ok(etags::tagged(&headers, tag, || Answer(CardJson::new(card, marks)).into_response()))
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
    Json(changes): Json<Changes>,
) -> Result {
    let title = changes.title.as_deref().map(Title::parse).transpose();
    let description = changes.description.as_deref().map(Description::parse).transpose();
    let edit = Edit {
        title: title.map_err(Problem::in_field("title"))?,
        description: description.map_err(Problem::in_field("description"))?,
        version: expected(&app, &actor, number, &headers).await?,
    };
    answer(&app, &actor, cards::update(&app.log, &actor, number, edit).await?).await
}

/// The version that an `If-Match` stands for; none: any.
async fn expected(
    app: &App,
    actor: &Actor,
    number: i64,
    headers: &HeaderMap,
) -> Result<Option<i64>> {
    if !headers.contains_key(IF_MATCH) {
        return Ok(None);
    }
    let card = cards::find(app.pool(), actor, number).await?;
    if !etags::may_edit(headers, &tag(&card)) {
        let detail = "The card has changed since you read it; read it again.";
        return Err(Problem::refused(StatusCode::PRECONDITION_FAILED, detail));
    }
    Ok(Some(card.version))
}

async fn history(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    query: Query,
) -> Result {
    let (before, limit) = (query.one(&BEFORE)?, page::limit(&query)?.into());
    let before = before.map_or(From::Newest, From::Before);
    let card = cards::find(app.pool(), &actor, number).await?;
    let feed =
        feed::history_of(&app.log, &mut *app.connection().await?, &actor, card.id, before, limit)
            .await?;
    Ok(activities::list(&feed, &query, &BEFORE))
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    cards::delete(&app.log, &actor, number).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn closed(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, board)): Path<(String, BoardId)>,
    query: Query,
) -> Result {
    let page = page::asked(&query)?;
    let board = boards::find(app.pool(), &actor, board).await?;
    let closed = cards::closed(app.pool(), &actor, board.id, page).await?;
    let closed = cards::with_marks(&mut *app.connection().await?, actor.account.id, closed).await?;
    let closed: Vec<CardJson> =
        closed.into_iter().map(|(card, marks)| CardJson::new(card, marks)).collect();
    Ok(page::list(&closed, &page, &query, |card| card.id))
}

/// A card, with the tag of what it is now.
pub(super) async fn answer(app: &App, actor: &Actor, card: Card) -> Result {
    let marks = cards::marks(&mut *app.connection().await?, actor.account.id, card.id).await?;
    let tag = tag(&card);
    Ok(([(ETAG, tag)], Answer(CardJson::new(card, marks))).into_response())
}

/// The same, for what was made of it just now.
pub(super) async fn answer_new(app: &App, actor: &Actor, card: Card) -> Result {
    Ok((StatusCode::CREATED, answer(app, actor, card).await?).into_response())
}

fn tag(card: &Card) -> String {
    format!("\"{}-{}\"", card.version, card.updated_at.unix_timestamp_nanos() / 1_000)
}
