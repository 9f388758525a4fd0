//! What came live while somebody looked: seen, though no page was opened.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::tracking_events::{asks_for_privacy, later};
use crate::domain::Error;
use crate::tracking::{self, Thing};
use crate::web::extract;
use crate::web::respond::Result;
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const RECEIPTS: &str = "/{account}/receipts";

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Post, RECEIPTS, &[Account], Who::Member, |method| on(method, note))];

#[derive(serde::Deserialize)]
struct Seen {
    #[serde(default)]
    trackable_type: String,
    #[serde(default)]
    trackable_id: String,
    #[serde(default)]
    sequence: String,
}

async fn note(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    extract::Form(seen): extract::Form<Seen>,
) -> Result {
    let actor = &viewer.actor;
    if let Err(too_often) = app.tracking_limits.count(actor.account.id, actor.user_id) {
        let words = "Too many reports at once; try again later.";
        return Ok(later(StatusCode::TOO_MANY_REQUESTS, too_often.seconds(), words));
    }
    let thing = Thing::parse(&seen.trackable_type, &seen.trackable_id);
    let thing = thing.map_err(Error::in_field("trackable_id"))?;
    let wrong = |_| Error::invalid("sequence", "This takes the sequence of an activity.");
    let sequence = seen.sequence.parse().map_err(wrong)?;
    if !asks_for_privacy(&headers) {
        tracking::has_seen(&app.tracker, app.pool(), actor, thing, sequence).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
