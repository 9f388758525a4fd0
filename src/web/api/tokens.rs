//! Bearer tokens: one’s own, and for those who administer everybody’s; made, and revoked.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::page::{self, LIMIT, after};
use super::problem::{Problem, Result};
use super::query::Query;
use crate::domain::tokens::{self, Token};
use crate::values::id::TokenId;
use crate::values::{Name, Scope};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const TOKENS: &str = "/api/v1/{account}/tokens";
const TOKEN: &str = "/api/v1/{account}/tokens/{token}";
const NAMES: &[Names] = &[Names::Account];
const PAGE: &[Parameter] = &[after::<TokenId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, TOKENS, NAMES, Who::Member, |method| on(method, index))
        .named("list_tokens", "One’s own tokens, an admin’s token sees all; the oldest first")
        .asked(PAGE)
        .gives_page::<Token>(),
    Route::api(Verb::Post, TOKENS, NAMES, Who::Member, |method| on(method, create))
        .named("create_token", "Make a token that reaches no further; it is told this once")
        .takes::<New>()
        .gives_new::<Made>(),
    Route::api(Verb::Delete, TOKEN, &[Names::Account, Names::Token], Who::Member, |method| {
        on(method, destroy)
    })
    .named("revoke_token", "Revoke a token"),
];

/// What the token is for, and how far it reaches.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
struct New {
    #[schema(value_type = Name)]
    name: String,
    #[schema(value_type = Scope)]
    scope: String,
}

/// A token that was made just now.
#[derive(Serialize, ToSchema)]
#[schema(as = MadeToken)]
struct Made {
    #[serde(flatten)]
    listed: Token,
    /// The token itself, to be sent as `Authorization: Bearer`; it is told this once.
    token: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let tokens = tokens::page(app.pool(), &actor, page).await?;
    Ok(page::list(&tokens, &page, &query, |token| token.id))
}

async fn create(State(app): State<App>, Caller(actor): Caller, Json(new): Json<New>) -> Result {
    let name = Name::parse(&new.name).map_err(Problem::in_field("name"))?;
    let scope = Scope::parse(&new.scope).map_err(Problem::in_field("scope"))?;
    let (listed, token) = tokens::create(&app.log, &actor, name, scope).await?;
    let made = Made { listed, token: token.reveal().to_owned() };
    Ok((StatusCode::CREATED, Answer(made)).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, TokenId)>,
) -> Result {
    tokens::revoke(&app.log, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
