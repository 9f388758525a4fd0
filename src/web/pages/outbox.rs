//! The letters there were: those of an account for its admins, and those that let somebody sign
//! in for whoever sits at the machine.

use axum::extract::State;
use axum::routing::on;
use subtle::ConstantTimeEq as _;

use super::shell;
use crate::mail;
use crate::views;
use crate::web::error::Error;
use crate::web::extract::Query;
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::{Viewer, Visitor};

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/outbox", &[Account], Who::Admin, |method| on(method, index)),
    Route::page(Verb::Get, "/outbox", &[], Who::Public, |method| on(method, of_machine)),
];

#[derive(serde::Deserialize)]
struct Guarded {
    #[serde(default)]
    code: String,
}

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    let letters = mail::of_account(app.pool(), &viewer.actor, app.readable_outbox()).await?;
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::outbox::index(&shell, app.delivery(), &letters)))
}

/// A letter with a password link is a key to somebody's every account, so no admin reads it: it
/// takes the code in the log, and a request of this very machine to a server that only it sees.
async fn of_machine(
    State(app): State<App>,
    visitor: Visitor,
    Query(Guarded { code }): Query<Guarded>,
) -> Result {
    if !is_at_the_machine(&app, &visitor, &code) {
        return Err(Error::NotFound);
    }
    let letters = mail::of_machine(app.pool(), &app.outgoing).await?;
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::outbox::of_machine(&shell, &letters)))
}

fn is_at_the_machine(app: &App, visitor: &Visitor, code: &str) -> bool {
    let here = app.readable_outbox().is_some()
        && app.bind.ip().is_loopback()
        && visitor.client.is_direct_loopback();
    let asked = app.outbox_code.as_ref().filter(|_| here);
    asked.is_some_and(|asked| asked.reveal().as_bytes().ct_eq(code.as_bytes()).into())
}
