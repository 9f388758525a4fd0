//! The members of an account, and what becomes of them.

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
use crate::domain::members;
use crate::domain::users::{self, User};
use crate::values::Role;
use crate::values::id::UserId;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const MEMBERS: &str = "/api/v1/{account}/members";
const MEMBER: &str = "/api/v1/{account}/members/{member}";
const NAMES: &[Names] = &[Names::Account, Names::Member];
const PAGE: &[Parameter] = &[after::<UserId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, MEMBERS, &[Names::Account], Who::Member, |method| on(method, index))
        .named("list_members", "The members, the oldest first")
        .asked(PAGE)
        .gives_page::<User>(),
    Route::api(Verb::Patch, MEMBER, NAMES, Who::Admin, |method| on(method, update))
        .named("change_member_role", "Give a member another role")
        .takes::<Changes>()
        .gives::<User>(),
    Route::api(Verb::Delete, MEMBER, NAMES, Who::Member, |method| on(method, destroy))
        .named("remove_member", "Remove a member, or leave; what they did stays"),
];

/// What the member is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberChanges)]
struct Changes {
    #[schema(value_type = Role)]
    role: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let members = users::page(app.pool(), &actor, page).await?;
    Ok(page::list(&members, &page, &query, |member| member.id))
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, UserId)>,
    Json(changes): Json<Changes>,
) -> Result {
    actor.may_administer()?;
    let role = Role::parse(&changes.role).map_err(Problem::in_field("role"))?;
    let member = members::change_role(&app.log, &actor, id, role).await?;
    Ok(Answer(member).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    members::remove(&app.log, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
