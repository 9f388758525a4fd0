//! `/`: off to the one account somebody has, or a choice among several.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::domain::{accounts, identities};
use crate::views;
use crate::web::error::{Error, see_other};
use crate::web::respond::{self, Result};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/", &[], Who::SignedIn, |method| on(method, show))];

async fn show(State(app): State<App>, visitor: Visitor) -> Result {
    let Some(identity) = visitor.identity(&app).await? else {
        return nobody_yet(&app).await;
    };
    let accounts = identities::accounts(app.pool(), identity).await?;
    match accounts.as_slice() {
        [only] => Ok(see_other(&format!("/{}", only.slug))),
        _ => {
            let shell = shell::of_visitor(&app, &visitor).await?;
            Ok(respond::page(views::accounts::index(&shell, &accounts)))
        }
    }
}

/// Before the first account there is nothing to sign in to.
async fn nobody_yet(app: &App) -> Result {
    if app.setup_code.is_some() && !accounts::any(app.pool()).await? {
        return Ok(see_other("/setup"));
    }
    Err(Error::SignedOut)
}
