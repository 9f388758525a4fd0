//! The members of an account, and for admins the invitations that wait.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::domain::{invitations, users};
use crate::views::{self, Form};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/{account}/members", &[Names::Account], Who::Member, |method| {
        on(method, index)
    })];

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    Ok(respond::page(page(&app, &viewer, &Form::default(), None).await?))
}

/// The page with the form for an invitation, and a new invitation's link, which is shown once.
pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    form: &Form,
    link: Option<&str>,
) -> Result<maud::Markup> {
    let shell = shell::of_viewer(app, viewer).await?;
    let members = users::all(app.pool(), &viewer.actor).await?;
    let waiting = match viewer.actor.administers() {
        true => invitations::waiting(app.pool(), &viewer.actor).await?,
        false => Vec::new(),
    };
    Ok(views::members::show(&shell, &members, &waiting, form, link))
}
