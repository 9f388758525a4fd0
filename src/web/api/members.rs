//! The members of an account.

use axum::extract::State;
use axum::routing::on;

use super::caller::Caller;
use super::page::{self, LIMIT, after};
use super::problem::Result;
use super::query::Query;
use crate::domain::users::{self, User};
use crate::values::id::UserId;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const MEMBERS: &str = "/api/v1/{account}/members";
const PAGE: &[Parameter] = &[after::<UserId>(), LIMIT];

pub(super) const ROUTES: &[Route] =
    &[Route::api(Verb::Get, MEMBERS, &[Names::Account], Who::Member, |method| on(method, index))
        .named("list_members", "The members, the oldest first")
        .asked(PAGE)
        .gives_page::<User>()];

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let members = users::page(app.pool(), &actor, page).await?;
    Ok(page::list(&members, &page, &query, |member| member.id))
}
