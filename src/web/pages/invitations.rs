//! Invitations: making one, taking it back, looking at the one a link stands for, accepting it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::{members, sessions, shell};
use crate::domain::invitations::{self, Invitation};
use crate::domain::passwords::Password;
use crate::domain::{self, identities, sign_ins};
use crate::values::id::{IdentityId, InvitationId};
use crate::values::secret::Secret;
use crate::values::{Email, Name, Role};
use crate::views::invitations::Step;
use crate::views::{self, Form};
use crate::web::error::{Error, see_other};
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::{Viewer, Visitor};

/// By its secret token for whoever was invited, by its id for those who look after it.
const INVITATION: &str = "/{account}/invitations/{invitation}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Post, "/{account}/invitations", &[Account], Who::Admin, |method| {
        on(method, create)
    }),
    Route::page(
        Verb::Delete,
        INVITATION,
        &[Account, Names::WaitingInvitation],
        Who::Admin,
        |method| on(method, destroy),
    ),
    Route::page(Verb::Get, INVITATION, &[Account, Names::Invitation], Who::Public, |method| {
        on(method, show)
    }),
    Route::page(
        Verb::Post,
        "/{account}/invitations/{invitation}/acceptance",
        &[Account, Names::Invitation],
        Who::Public,
        |method| on(method, accept),
    ),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
}

#[derive(serde::Deserialize)]
struct Acceptance {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    match invite(&app, &viewer, &fields).await {
        Ok(token) => {
            let path = views::paths::invitation(&viewer.actor.account.slug, token.reveal());
            let link = format!("{}{path}", viewer.origin);
            let (shell, blank) = (shell::of_viewer(&app, &viewer).await?, Form::default());
            let page = members::page(&app, &viewer, &shell, &blank, &blank, Some(&link)).await?;
            Ok((StatusCode::CREATED, respond::page(page)).into_response())
        }
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let form = Form::default().with("email", fields.email).with("role", fields.role);
            let (shell, form) = (shell::of_viewer(&app, &viewer).await?, form.refused(wrong));
            let fine = Form::default();
            let page = members::page(&app, &viewer, &shell, &form, &fine, None).await?;
            Ok(respond::invalid(page))
        }
    }
}

async fn invite(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<Secret> {
    viewer.actor.may_administer()?;
    let email = Email::parse(&fields.email).map_err(domain::Error::in_field("email"))?;
    let role = Role::parse(&fields.role).map_err(domain::Error::in_field("role"))?;
    let (_, token) =
        invitations::invite(&app.log, &viewer.actor, &email, role, &app.outgoing).await?;
    Ok(token)
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, InvitationId)>,
) -> Result {
    invitations::revoke(&app.log, &viewer.actor, id).await?;
    Ok(see_other(&members::path_after(&viewer, "revoked")))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((account, token)): Path<(String, String)>,
) -> Result {
    let token = Secret::new(token);
    let invitation = find(&app, &account, &token).await?;
    let signed_in = visitor.identity(&app).await?;
    let shell = shell::of_visitor(&app, &visitor).await?;
    let step = step(&invitation, signed_in);
    let (token, form) = (token.reveal(), Form::default());
    Ok(respond::page(views::invitations::show(&shell, &invitation, token, step, &form)))
}

/// What does not read as a slug is not asked of the database.
async fn find(app: &App, account: &str, token: &Secret) -> Result<Invitation> {
    let slug = crate::values::Slug::parse(account).map_err(|_| Error::NotFound)?;
    Ok(invitations::find(app.pool(), slug.as_str(), token).await?)
}

/// Somebody who has a password already signs in first: the link alone is not enough to be them.
fn step(invitation: &Invitation, signed_in: Option<IdentityId>) -> Step {
    match invitation.known {
        None => Step::Register,
        known if known == signed_in => Step::Join,
        Some(_) if signed_in.is_some() => Step::SignOut,
        Some(_) => Step::SignIn,
    }
}

async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path((account, token)): Path<(String, String)>,
    extract::Form(acceptance): extract::Form<Acceptance>,
) -> Result {
    let token = Secret::new(token);
    let invitation = find(&app, &account, &token).await?;
    let signed_in = visitor.identity(&app).await?;
    let step = step(&invitation, signed_in);
    if matches!(step, Step::SignIn | Step::SignOut) {
        return Ok(see_other(&views::paths::invitation(&invitation.account.slug, token.reveal())));
    }
    let home = format!("/{}", invitation.account.slug);
    match join(&app, &visitor, &invitation, &acceptance).await {
        Ok(identity) if signed_in == Some(identity) => Ok(see_other(&home)),
        Ok(identity) => sessions::sign_in(&app, &visitor, &headers, identity, &home).await,
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let shell = shell::of_visitor(&app, &visitor).await?;
            let form = Form::default().with("name", acceptance.name).refused(wrong);
            let page = views::invitations::show(&shell, &invitation, token.reveal(), step, &form);
            Ok(respond::invalid(page))
        }
    }
}

async fn join(
    app: &App,
    visitor: &Visitor,
    invitation: &Invitation,
    acceptance: &Acceptance,
) -> domain::Result<IdentityId> {
    if let Some(known) = invitation.known {
        let name = called(app, visitor, known, &invitation.email).await?;
        return invitations::accept(&app.log, invitation, name, None).await;
    }
    let name = Name::parse(&acceptance.name).map_err(domain::Error::in_field("name"))?;
    let password =
        Password::parse(&acceptance.password).map_err(domain::Error::in_field("password"))?;
    invitations::accept(&app.log, invitation, name, Some(&password)).await
}

/// What somebody is called in an account that they are a member of already, or else the part of
/// their address before the at sign; their profile changes it.
async fn called(
    app: &App,
    visitor: &Visitor,
    identity: IdentityId,
    email: &Email,
) -> domain::Result<Name> {
    let accounts = identities::accounts(app.pool(), identity).await?;
    let mut name = email.as_str().split('@').next().unwrap_or_default().to_owned();
    if let (Some(account), Some(sign_in)) = (accounts.first(), visitor.sign_in) {
        let slug = account.slug.as_str();
        let member = sign_ins::resolve(app.pool(), sign_in, slug, None).await?;
        name = member.map_or(name, |member| member.name);
    }
    Name::parse(&name).map_err(domain::Error::in_field("name"))
}
