//! Whose work a card is.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::cards::{answer, answer_new};
use super::json::Json;
use super::problem::{Problem, Result};
use super::representation::CardJson;
use crate::domain::cards;
use crate::values::id::UserId;
use crate::web::extract::Path;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ASSIGNMENTS: &str = "/api/v1/{account}/cards/{number}/assignments";
const ASSIGNMENT: &str = "/api/v1/{account}/cards/{number}/assignments/{member}";

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Post, ASSIGNMENTS, &[Names::Account, Names::Card], Who::Member, |method| {
        on(method, create)
    })
    .named("assign_card", "Assign a card to a member, who follows it from then on")
    .takes::<New>()
    .gives_new::<CardJson>()
    .tagged(),
    Route::api(
        Verb::Delete,
        ASSIGNMENT,
        &[Names::Account, Names::Card, Names::Member],
        Who::Member,
        |method| on(method, destroy),
    )
    .named("unassign_card", "Take a card off a member")
    .gives::<CardJson>()
    .tagged(),
];

/// Whose work the card is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAssignment)]
struct New {
    /// A member who sees the card’s board.
    #[schema(value_type = UserId)]
    user_id: String,
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number)): Path<(String, i64)>,
    Json(new): Json<New>,
) -> Result {
    let user: UserId = new.user_id.parse().map_err(Problem::in_field("user_id"))?;
    let card = cards::assign(&app.log, &actor, number, user).await?;
    answer_new(&app, &actor, card).await
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, number, user)): Path<(String, i64, UserId)>,
) -> Result {
    let card = cards::unassign(&app.log, &actor, number, user).await?;
    answer(&app, &actor, card).await
}
