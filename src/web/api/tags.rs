//! Tags: those that are used, and those of a card.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::cards::{answer, answer_new};
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use super::representation::CardJson;
use crate::domain::cards;
use crate::domain::tags::{self, Tag};
use crate::values::TagName;
use crate::values::id::TagId;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const TAGS: &str = "/api/v1/{account}/tags";
const OF_CARD: &str = "/api/v1/{account}/cards/{number}/tags";
const TAGGING: &str = "/api/v1/{account}/cards/{number}/tags/{tag}";
const PAGE: &[Parameter] = &[after::<TagId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, TAGS, &[Names::Account], Who::Member, |method| on(method, index))
        .named("list_tags", "The tags of the cards that one sees, the oldest first")
        .asked(PAGE)
        .gives_page::<Tag>(),
    Route::api(Verb::Post, OF_CARD, &[Names::Account, Names::Card], Who::Member, |method| {
        on(method, create)
    })
    .named("tag_card", "Mark a card with a tag, which is made when it is first used")
    .takes::<New>()
    .gives_new::<CardJson>()
    .tagged(),
    Route::api(
        Verb::Delete,
        TAGGING,
        &[Names::Account, Names::Card, Names::Tag],
        Who::Member,
        |method| on(method, destroy),
    )
    .named("untag_card", "Take a tag off a card")
    .gives::<CardJson>()
    .tagged(),
];

/// What to mark the card with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTagging)]
struct New {
    /// The tag’s name; upper and lower case are the same.
    #[schema(value_type = TagName)]
    name: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let tags = tags::page(app.pool(), &actor, page).await?;
    Ok(page::list(&tags, &page, &query, |tag| tag.id))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    Json(new): Json<New>,
) -> Result {
    let name = TagName::parse(&new.name).map_err(Problem::in_field("name"))?;
    let card = cards::tag(&app.log, &actor, number, name).await?;
    answer_new(&app, &actor, card).await
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number, tag)): Path<(String, i64, TagId)>,
) -> Result {
    let card = cards::untag(&app.log, &actor, number, tag).await?;
    answer(&app, &actor, card).await
}
