//! What is recorded of one’s own visits: choosing it, taking it along, erasing it.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::domain::users;
use crate::tracking::own::{self, Kept};
use crate::values::Tracked;
use crate::web::error::{Error, see_other};
use crate::web::extract;
use crate::web::respond::Result;
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const CHOICE: &str = "/{account}/profile/tracking";
const ALL: &str = "/{account}/profile/tracking_events";
const LINES: &str = "/{account}/profile/tracking_events.ndjson";
const TABLE: &str = "/{account}/profile/tracking_events.csv";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Patch, CHOICE, &[Account], Who::Member, |method| on(method, choose)),
    Route::page(Verb::Get, LINES, &[Account], Who::Member, |method| on(method, as_lines)),
    Route::page(Verb::Get, TABLE, &[Account], Who::Member, |method| on(method, as_table)),
    Route::page(Verb::Delete, ALL, &[Account], Who::Member, |method| on(method, erase)),
];

#[derive(serde::Deserialize)]
struct Choice {
    #[serde(default)]
    tracked: String,
}

async fn choose(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(Choice { tracked }): extract::Form<Choice>,
) -> Result {
    let tracked = Tracked::parse(&tracked)
        .map_err(|invalid| Error::refused(StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string()))?;
    users::choose_tracked(app.pool(), &viewer.actor, tracked).await?;
    app.forget();
    Ok(see_other(&path_after(&viewer, "tracking")))
}

async fn erase(State(app): State<App>, viewer: Viewer) -> Result {
    own::erase(app.pool(), &viewer.actor).await?;
    Ok(see_other(&path_after(&viewer, "erased")))
}

async fn as_lines(State(app): State<App>, viewer: Viewer) -> Result {
    Ok(download(&app, &viewer, ("application/x-ndjson", "visits.ndjson"), "", line))
}

async fn as_table(State(app): State<App>, viewer: Viewer) -> Result {
    let head = "id,event_type,trackable_type,trackable_id,url,address,occurred_at,created_at\r\n";
    Ok(download(&app, &viewer, ("text/csv; charset=utf-8", "visits.csv"), head, row))
}

/// All that is kept, page by page as the browser takes it.
fn download(
    app: &App,
    viewer: &Viewer,
    (content_type, name): (&'static str, &'static str),
    head: &'static str,
    write: fn(&Kept) -> String,
) -> Response {
    let pages = own::all(app.pool().clone(), &viewer.actor);
    let pages = pages.map_ok(move |page| page.iter().map(write).collect::<String>());
    let body = Body::from_stream(stream::iter([Ok(head.to_owned())]).chain(pages));
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}

fn line(kept: &Kept) -> String {
    serde_json::to_string(kept).unwrap_or_default() + "\n"
}

/// A line of a table as RFC 4180 writes it: every field in quotes, a quote in it doubled.
fn row(kept: &Kept) -> String {
    let value = serde_json::to_value(kept).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten().map(|(_, field)| {
        format!("\"{}\"", field.as_str().unwrap_or_default().replace('"', "\"\""))
    });
    fields.collect::<Vec<_>>().join(",") + "\r\n"
}

fn path_after(viewer: &Viewer, done: &str) -> String {
    format!("/{}/profile?done={done}#tracking", viewer.actor.account.slug)
}
