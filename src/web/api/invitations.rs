//! Invitations to an account: those that wait for an answer, making one, taking it back.

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
use super::representation::InvitationJson;
use crate::domain::invitations::{self, Waiting};
use crate::values::id::InvitationId;
use crate::values::{Email, Role};
use crate::web::client::Client;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const INVITATIONS: &str = "/api/v1/{account}/invitations";
const INVITATION: &str = "/api/v1/{account}/invitations/{invitation}";
const NAMES: &[Names] = &[Names::Account];
const WAITING: &[Names] = &[Names::Account, Names::WaitingInvitation];
const PAGE: &[Parameter] = &[after::<InvitationId>(), LIMIT];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, INVITATIONS, NAMES, Who::Admin, |method| on(method, index))
        .named("list_invitations", "The invitations that wait for an answer, the oldest first")
        .asked(PAGE)
        .gives_page::<Waiting>(),
    Route::api(Verb::Post, INVITATIONS, NAMES, Who::Admin, |method| on(method, create))
        .named(
            "create_invitation",
            "Invite somebody by a letter; the answer has its link, this once",
        )
        .takes::<New>()
        .gives_new::<InvitationJson>(),
    Route::api(Verb::Delete, INVITATION, WAITING, Who::Admin, |method| on(method, destroy))
        .named("revoke_invitation", "Take an invitation back that waits for an answer"),
];

/// Whom to invite, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvitation)]
struct New {
    #[schema(value_type = Email)]
    email: String,
    #[schema(value_type = Role)]
    role: String,
}

async fn index(State(app): State<App>, Caller(actor): Caller, query: Query) -> Result {
    let page = page::asked(&query)?;
    let waiting = invitations::page(app.pool(), &actor, page).await?;
    Ok(page::list(&waiting, &page, &query, |invitation| invitation.id))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    axum::Extension(client): axum::Extension<Client>,
    Json(new): Json<New>,
) -> Result {
    actor.may_administer()?;
    let email = Email::parse(&new.email).map_err(Problem::in_field("email"))?;
    let role = Role::parse(&new.role).map_err(Problem::in_field("role"))?;
    let (invitation, token) =
        invitations::invite(&app.log, &actor, &email, role, &app.outgoing).await?;
    let slug = &actor.account.slug;
    let url = format!("{}/{slug}/invitations/{}", client.origin, token.reveal());
    Ok((StatusCode::CREATED, Answer(InvitationJson { invitation, url })).into_response())
}

async fn destroy(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, InvitationId)>,
) -> Result {
    invitations::revoke(&app.log, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
