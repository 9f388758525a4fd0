//! The head of an account's log as a file, for its admins to keep elsewhere.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use axum::routing::on;

use crate::events::chain::Head;
use crate::web::error::Error;
use crate::web::respond::Result;
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/{account}/audit/head", &[Account], Who::Admin, |m| on(m, show))];

async fn show(State(app): State<App>, viewer: Viewer) -> Result {
    viewer.actor.may_administer()?;
    let account = &viewer.actor.account;
    let head = Head::newest(app.pool(), account.id).await?.ok_or_else(|| {
        let words = "Nothing of this log is sealed yet. It is within seconds; try again then.";
        Error::refused(StatusCode::CONFLICT, words)
    })?;
    let name = format!("{}-head-{}.json", account.slug, head.sequence);
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, head.to_string()).into_response())
}
