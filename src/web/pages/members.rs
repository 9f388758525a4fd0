//! The members of an account, what becomes of them, and for admins the invitations that wait.

use axum::extract::State;
use axum::routing::on;

use super::done::Done;
use super::shell;
use crate::domain;
use crate::domain::{erasures, invitations, members, users};
use crate::values::Role;
use crate::values::id::UserId;
use crate::views::members::Members;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const MEMBER: &str = "/{account}/members/{member}";
const REMOVAL: &str = "/{account}/members/{member}/removal";
const NAMES: &[Names] = &[Account, Names::Member];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/members", &[Account], Who::Member, |method| {
        on(method, index)
    }),
    Route::page(Verb::Patch, MEMBER, NAMES, Who::Admin, |method| on(method, update)),
    Route::page(Verb::Delete, MEMBER, NAMES, Who::Member, |method| on(method, destroy)),
    Route::page(Verb::Get, REMOVAL, NAMES, Who::Member, |method| on(method, confirm)),
];

const DONE: &[(&str, &str)] = &[
    ("role", "The role is changed."),
    ("removed", "They are removed. What they did stays."),
    ("erased", "Their data is erased. That they did something stays."),
    ("revoked", "The invitation is taken back; its link leads nowhere now."),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    role: String,
}

async fn index(State(app): State<App>, viewer: Viewer, Query(done): Query<Done>) -> Result {
    let shell = views::Page { flash: done.words(DONE), ..shell::of_viewer(&app, &viewer).await? };
    let (blank, fine) = (Form::default(), Form::default());
    Ok(respond::page(page(&app, &viewer, &shell, &blank, &fine, None).await?))
}

/// The page with what was refused in the form for an invitation or of a member, and a new
/// invitation's link, which is shown once.
pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    shell: &views::Page,
    invite: &Form,
    change: &Form,
    link: Option<&str>,
) -> Result<maud::Markup> {
    let users = users::all(app.pool(), &viewer.actor).await?;
    let waiting = match viewer.actor.administers() {
        true => invitations::waiting(app.pool(), &viewer.actor).await?,
        false => Vec::new(),
    };
    let former = match viewer.actor.may_own() {
        Ok(()) => erasures::possible(app.pool(), &viewer.actor).await?,
        Err(_) => Vec::new(),
    };
    let (users, waiting, former) = (&users, &waiting, &former);
    let members = Members { users, waiting, former, invite, change, link };
    Ok(views::members::show(shell, &members))
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, UserId)>,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    match change_role(&app, &viewer, id, &fields).await {
        Ok(()) => Ok(see_other(&path_after(&viewer, "role"))),
        Err(error) => refuse(&app, &viewer, error).await,
    }
}

async fn change_role(
    app: &App,
    viewer: &Viewer,
    id: UserId,
    fields: &Fields,
) -> domain::Result<()> {
    viewer.actor.may_administer()?;
    let role = Role::parse(&fields.role).map_err(domain::Error::in_field("role"))?;
    members::change_role(&app.log, &viewer.actor, id, role).await?;
    Ok(())
}

/// Asks once more, on a page of its own, so that it works without JavaScript.
async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    let member = users::find(app.pool(), &viewer.actor, id).await?;
    if id != viewer.actor.user_id {
        viewer.actor.may_look_after(member.role)?;
    }
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::members::confirm_removal(&shell, &member)))
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, UserId)>,
) -> Result {
    match members::remove(&app.log, &viewer.actor, id).await {
        Ok(()) if id == viewer.actor.user_id => Ok(see_other("/")),
        Ok(()) => Ok(see_other(&path_after(&viewer, "removed"))),
        Err(error) => refuse(&app, &viewer, error).await,
    }
}

/// The members again, with what is wrong said above them.
pub(super) async fn refuse(app: &App, viewer: &Viewer, error: domain::Error) -> Result {
    let change = Form::default().refused(respond::wrong_fields(error)?);
    let shell = shell::of_viewer(app, viewer).await?;
    let page = page(app, viewer, &shell, &Form::default(), &change, None).await?;
    Ok(respond::invalid(page))
}

/// The page again, which says what was done.
pub(super) fn path_after(viewer: &Viewer, done: &str) -> String {
    format!("/{}/members?done={done}", viewer.actor.account.slug)
}
