//! Finding cards and comments.

use axum::extract::State;
use axum::routing::on;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::caller::Caller;
use super::page;
use super::problem::Result;
use super::query::{self, Query};
use crate::domain::search::{self, Hit};
use crate::values::SearchQuery;
use crate::values::id::{BoardId, CommentId, FindableId};
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const SEARCH: &str = "/api/v1/{account}/search";

const Q: Parameter = Parameter::of::<String>(
    "q",
    "Words that must all be there, each perhaps only begun; or the number of a card.",
    "words",
);
const AFTER: Parameter =
    Parameter::of::<FindableId>("after", "Only those after this one.", "an id");

pub(super) const ROUTES: &[Route] =
    &[Route::api(Verb::Get, SEARCH, &[Names::Account], Who::Member, |method| on(method, index))
        .named("search", "Cards and comments by their words, those with them in the title first")
        .asked(&[Q, AFTER])
        .gives_page::<HitJson>()];

/// Something that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchHit)]
struct HitJson {
    /// The id of the card or of the comment.
    id: FindableId,
    /// The comment, if it is one.
    #[schema(required)]
    comment_id: Option<CommentId>,
    /// The number of the card, or of the one that the comment is about.
    card_number: i64,
    /// That card’s title.
    title: String,
    /// Some of what is written, around what was looked for.
    excerpt: String,
    board_id: BoardId,
    board_name: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl From<Hit> for HitJson {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.id,
            comment_id: hit.comment_id,
            card_number: hit.card_number,
            title: hit.title.text(),
            excerpt: hit.excerpt.text(),
            board_id: hit.board_id,
            board_name: hit.board_name,
            created_at: hit.created_at,
        }
    }
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let text = query.one::<String>(&Q)?.unwrap_or_default();
    let wanted =
        SearchQuery::parse(&text).map_err(|why| query::refuse(Q.name, &why.to_string()))?;
    let found = search::find(app.pool(), &actor, &wanted, query.one(&AFTER)?).await?;
    let next = found.next.map(|id| query.from(&AFTER, id));
    let hits: Vec<HitJson> = found.hits.into_iter().map(HitJson::from).collect();
    Ok(page::linked(&hits, next))
}
