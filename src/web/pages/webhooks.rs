//! Webhook endpoints: listed, added, looked at with their deliveries, removed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::activity::Before;
use super::shell;
use crate::domain;
use crate::domain::boards::{self, Board};
use crate::values::id::EndpointId;
use crate::values::secret::Secret;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{Path, Query};
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::deliveries;
use crate::webhooks::endpoints::{self, Endpoint, NewEndpoint};

const ENDPOINTS: &str = "/{account}/webhooks";
const ENDPOINT: &str = "/{account}/webhooks/{endpoint}";
const NAMES: &[Names] = &[Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, ENDPOINTS, &[Account], Who::Admin, |method| on(method, index)),
    Route::page(Verb::Post, ENDPOINTS, &[Account], Who::Admin, |method| on(method, create)),
    Route::page(Verb::Get, ENDPOINT, NAMES, Who::Admin, |method| on(method, show)),
    Route::page(Verb::Delete, ENDPOINT, NAMES, Who::Admin, |method| on(method, destroy)),
];

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    Ok(respond::page(list(&app, &viewer, &Form::default()).await?))
}

async fn create(State(app): State<App>, viewer: Viewer, fields: Fields) -> Result {
    match add(&app, &viewer, &fields).await {
        Ok((endpoint, secret)) => {
            let page = page(&app, &viewer, &endpoint, Some(&secret), None).await?;
            Ok((StatusCode::CREATED, respond::page(page)).into_response())
        }
        Err(error) => {
            let form = form(&fields).refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(list(&app, &viewer, &form).await?))
        }
    }
}

async fn add(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<(Endpoint, Secret)> {
    let board_ids = fields.all("board_ids").map(str::parse).collect::<std::result::Result<_, _>>();
    let new = NewEndpoint {
        url: fields.get("url").unwrap_or_default().to_owned(),
        events: fields.all("events").map(str::to_owned).collect(),
        board_ids: board_ids.map_err(domain::Error::in_field("board_ids"))?,
    };
    endpoints::add(app.pool(), &app.keys, &app.guard, &viewer.actor, &new).await
}

fn form(fields: &Fields) -> Form {
    let form = Form::default().with("url", fields.get("url").unwrap_or_default());
    let form = fields.all("events").fold(form, |form, name| form.with("events", name));
    fields.all("board_ids").fold(form, |form, id| form.with("board_ids", id))
}

async fn list(app: &App, viewer: &Viewer, form: &Form) -> Result<maud::Markup> {
    let shell = shell::of_viewer(app, viewer).await?;
    let endpoints = endpoints::all(app.pool(), &viewer.actor).await?;
    let boards = boards(app, viewer).await?;
    Ok(views::webhooks::index(&shell, &endpoints, &boards, form))
}

async fn boards(app: &App, viewer: &Viewer) -> Result<Vec<Board>> {
    let boards = boards::all(app.pool(), &viewer.actor).await?;
    Ok(boards.into_iter().map(|summary| summary.board).collect())
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let endpoint = endpoints::find(app.pool(), &viewer.actor, id).await?;
    Ok(respond::page(page(&app, &viewer, &endpoint, None, before).await?))
}

/// An endpoint with a page of its deliveries; its secret is shown once, when it was just added.
async fn page(
    app: &App,
    viewer: &Viewer,
    endpoint: &Endpoint,
    secret: Option<&Secret>,
    before: Option<i64>,
) -> Result<maud::Markup> {
    let shell = shell::of_viewer(app, viewer).await?;
    let boards = boards(app, viewer).await?;
    let log = deliveries::log(app.pool(), &viewer.actor, endpoint.id, before).await?;
    Ok(views::webhooks::show(&shell, endpoint, &boards, secret.map(Secret::reveal), &log))
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    endpoints::remove(app.pool(), &viewer.actor, id).await?;
    Ok(see_other(&format!("/{}/webhooks", viewer.actor.account.slug)))
}
