//! The head of an account's log, to be kept elsewhere: as a file for its admins, and by mail for owners.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use axum::routing::on;

use crate::events::chain::Head;
use crate::notifications::heads;
use crate::values::Every;
use crate::web::error::{Error, see_other};
use crate::web::extract::Form;
use crate::web::respond::Result;
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/audit/head", &[Account], Who::Admin, |m| on(m, show)),
    Route::page(Verb::Patch, "/{account}/audit/head/letters", &[Account], Who::Admin, |m| {
        on(m, choose_letters)
    }),
];

#[derive(serde::Deserialize)]
struct Letters {
    #[serde(default)]
    every: String,
}

async fn show(State(app): State<App>, viewer: Viewer) -> Result {
    viewer.actor.may_administer()?;
    let account = &viewer.actor.account;
    let head = Head::newest(app.pool(), account.id).await?.ok_or_else(|| {
        let words = "Nothing of this log is sealed yet. It is within seconds; try again then.";
        Error::refused(StatusCode::CONFLICT, words)
    })?;
    let name = head.file_name(&account.slug);
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, head.to_string()).into_response())
}

async fn choose_letters(
    State(app): State<App>,
    viewer: Viewer,
    Form(Letters { every }): Form<Letters>,
) -> Result {
    let every = match every.as_str() {
        "never" => None,
        other => Some(Every::parse(other).map_err(|_| {
            let words = "Choose never, day, week or month.";
            Error::refused(StatusCode::UNPROCESSABLE_ENTITY, words)
        })?),
    };
    heads::choose(app.pool(), &viewer.actor, every).await?;
    Ok(see_other(&format!("/{}/audit?done=letters", viewer.actor.account.slug)))
}
