//! Webhook endpoints: listed, added, looked at with their deliveries, edited, given a new secret,
//! switched on again, removed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use super::deliveries::Asked;
use super::shell;
use crate::domain;
use crate::domain::boards::{self, Board};
use crate::live::Stream;
use crate::notifications;
use crate::values::id::{BoardId, EndpointId};
use crate::values::secret::Secret;
use crate::values::{Day, Zone};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::Path;
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::backlog;
use crate::webhooks::endpoints::{self, Edit, Endpoint, NewEndpoint, Resume};
use crate::webhooks::format::Format;
use crate::webhooks::headers::{self, Wanted};

const ENDPOINTS: &str = "/{account}/webhooks";
const ENDPOINT: &str = "/{account}/webhooks/{endpoint}";
const EDIT: &str = "/{account}/webhooks/{endpoint}/edit";
const ROTATIONS: &str = "/{account}/webhooks/{endpoint}/secret_rotations";
const DISABLEMENT: &str = "/{account}/webhooks/{endpoint}/disablement";
/// The button of the forms that asks for a count and saves nothing.
const DRY_RUN: &str = "dry_run";
const NAMES: &[Names] = &[Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, ENDPOINTS, &[Account], Who::Admin, |method| on(method, index)),
    Route::page(Verb::Post, ENDPOINTS, &[Account], Who::Admin, |method| on(method, create)),
    Route::page(Verb::Get, ENDPOINT, NAMES, Who::Admin, |method| on(method, show)),
    Route::page(Verb::Patch, ENDPOINT, NAMES, Who::Admin, |method| on(method, update)),
    Route::page(Verb::Delete, ENDPOINT, NAMES, Who::Admin, |method| on(method, destroy)),
    Route::page(Verb::Get, EDIT, NAMES, Who::Admin, |method| on(method, edit)),
    Route::page(Verb::Post, ROTATIONS, NAMES, Who::Admin, |method| on(method, rotate)),
    Route::page(Verb::Delete, DISABLEMENT, NAMES, Who::Admin, |method| on(method, enable)),
];

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    Ok(respond::page(list(&app, &viewer, &Form::default(), None).await?))
}

async fn create(State(app): State<App>, viewer: Viewer, fields: Fields) -> Result {
    if fields.get(DRY_RUN).is_some() {
        let (form, dry_run) = dry_run(&app, &viewer, &fields).await?;
        return Ok(counted(list(&app, &viewer, &form, dry_run.as_ref()).await?, &form));
    }
    match add(&app, &viewer, &fields).await {
        Ok((endpoint, secret)) => {
            let page =
                page(&app, &viewer, &endpoint, Some(&secret), &Asked::default(), &Form::default())
                    .await?;
            Ok((StatusCode::CREATED, respond::page(page)).into_response())
        }
        Err(error) => {
            let form = form(&fields).refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(list(&app, &viewer, &form, None).await?))
        }
    }
}

/// The form as it was sent, and what an endpoint of its kind would have been sent lately, or what
/// is wrong.
async fn dry_run(
    app: &App,
    viewer: &Viewer,
    fields: &Fields,
) -> Result<(Form, Option<endpoints::DryRun>)> {
    let names: Vec<String> = fields.all("events").map(str::to_owned).collect();
    let counted = async {
        let boards = board_ids(fields)?;
        endpoints::dry_run(app.pool(), &viewer.actor, &names, &boards).await
    };
    match counted.await {
        Ok(dry_run) => Ok((form(fields), Some(dry_run))),
        Err(error) => Ok((form(fields).refused(respond::wrong_fields(error)?), None)),
    }
}

fn counted(page: maud::Markup, form: &Form) -> Response {
    if form.is_refused() { respond::invalid(page) } else { respond::page(page) }
}

async fn add(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<(Endpoint, Secret)> {
    let new = NewEndpoint {
        url: fields.get("url").unwrap_or_default().to_owned(),
        format: format(fields)?.unwrap_or_default(),
        events: fields.all("events").map(str::to_owned).collect(),
        board_ids: board_ids(fields)?,
        signature: fields.get("signature").map(str::to_owned),
        headers: headers(fields)?,
        rate_limit: rate_limit(fields)?,
    };
    endpoints::add(&app.log, &app.keys, &app.guard, &viewer.actor, &new).await
}

fn format(fields: &Fields) -> domain::Result<Option<Format>> {
    let format = fields.get("format").map(str::parse).transpose();
    format.map_err(domain::Error::in_field("format"))
}

fn board_ids(fields: &Fields) -> domain::Result<Vec<BoardId>> {
    let ids = fields.all("board_ids").map(str::parse).collect::<std::result::Result<_, _>>();
    ids.map_err(domain::Error::in_field("board_ids"))
}

fn headers(fields: &Fields) -> domain::Result<Wanted> {
    let lines = headers::parse_lines(fields.get("headers").unwrap_or_default());
    lines.map_err(domain::Error::in_field("headers"))
}

/// An empty field is no limit; what is no number is none that can be taken.
fn rate_limit(fields: &Fields) -> domain::Result<Option<i64>> {
    let typed = fields.get("rate_limit").map(str::trim).filter(|typed| !typed.is_empty());
    Ok(typed.map(|typed| typed.parse().unwrap_or(-1)))
}

fn form(fields: &Fields) -> Form {
    let form = ["url", "format", "signature", "headers", "rate_limit"]
        .into_iter()
        .fold(Form::default(), |form, field| {
            form.with(field, fields.get(field).unwrap_or_default())
        });
    let form = fields.all("events").fold(form, |form, name| form.with("events", name));
    fields.all("board_ids").fold(form, |form, id| form.with("board_ids", id))
}

async fn list(
    app: &App,
    viewer: &Viewer,
    form: &Form,
    dry_run: Option<&endpoints::DryRun>,
) -> Result<maud::Markup> {
    let shell = shell::of_viewer(app, viewer).await?;
    let endpoints = endpoints::all(app.pool(), &viewer.actor).await?;
    let standing = backlog::of_account(app.pool(), &viewer.actor).await?;
    let boards = boards(app, viewer).await?;
    Ok(views::webhooks::index(&shell, (&endpoints, &standing), &boards, form, dry_run))
}

async fn boards(app: &App, viewer: &Viewer) -> Result<Vec<Board>> {
    let boards = boards::all(app.pool(), &viewer.actor).await?;
    Ok(boards.into_iter().map(|summary| summary.board).collect())
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    asked: Asked,
) -> Result {
    let endpoint = endpoints::find(app.pool(), &viewer.actor, id).await?;
    notifications::read_endpoint(app.pool(), &viewer.actor, id).await?;
    Ok(respond::page(page(&app, &viewer, &endpoint, None, &asked, &Form::default()).await?))
}

/// An endpoint with a page of its deliveries; its secret is shown once, when it was just added.
async fn page(
    app: &App,
    viewer: &Viewer,
    endpoint: &Endpoint,
    secret: Option<&Secret>,
    asked: &Asked,
    form: &Form,
) -> Result<maud::Markup> {
    let mut connection = app.connection().await?;
    let cursor = app.hub.cursor(&mut *connection, &viewer.actor).await?;
    let streams = [Stream::Deliveries(endpoint.id)];
    let shell = shell::following(app, viewer, &mut *connection, &cursor, &streams).await?;
    drop(connection);
    let boards = boards(app, viewer).await?;
    let log = asked.log(app, viewer, endpoint.id).await?;
    let (secret, log) = (secret.map(Secret::reveal), asked.page(&log));
    Ok(views::webhooks::show(&shell, endpoint, &boards, secret, &log, form))
}

async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    let endpoint = endpoints::present(app.pool(), &viewer.actor, id).await?;
    let form = views::webhooks::filled(&endpoint);
    Ok(respond::page(edit_page(&app, &viewer, &endpoint, &form, None).await?))
}

async fn edit_page(
    app: &App,
    viewer: &Viewer,
    endpoint: &Endpoint,
    form: &Form,
    dry_run: Option<&endpoints::DryRun>,
) -> Result<maud::Markup> {
    let shell = shell::of_viewer(app, viewer).await?;
    let boards = boards(app, viewer).await?;
    Ok(views::webhooks::edit(&shell, endpoint, &boards, form, dry_run))
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    fields: Fields,
) -> Result {
    if fields.get(DRY_RUN).is_some() {
        let endpoint = endpoints::present(app.pool(), &viewer.actor, id).await?;
        let (form, dry_run) = dry_run(&app, &viewer, &fields).await?;
        let page = edit_page(&app, &viewer, &endpoint, &form, dry_run.as_ref()).await?;
        return Ok(counted(page, &form));
    }
    match change(&app, &viewer, id, &fields).await {
        Ok(endpoint) => Ok(see_other(&path(&viewer, endpoint.id))),
        Err(error) => {
            let endpoint = endpoints::present(app.pool(), &viewer.actor, id).await?;
            let form = form(&fields).refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(edit_page(&app, &viewer, &endpoint, &form, None).await?))
        }
    }
}

/// The form sends everything, so that what is not ticked is not wanted.
async fn change(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    fields: &Fields,
) -> domain::Result<Endpoint> {
    let edit = Edit {
        url: Some(fields.get("url").unwrap_or_default().to_owned()),
        format: format(fields)?,
        events: Some(fields.all("events").map(str::to_owned).collect()),
        board_ids: Some(board_ids(fields)?),
        signature: fields.get("signature").map(str::to_owned),
        headers: Some(headers(fields)?),
        rate_limit: Some(rate_limit(fields)?),
    };
    endpoints::edit(&app.log, &app.keys, &app.guard, &viewer.actor, id, edit).await
}

/// The new secret is shown this once, as after adding.
async fn rotate(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    fields: Fields,
) -> Result {
    let overlap = fields.get("overlap_hours").map(str::parse).transpose();
    let overlap = overlap.map_err(domain::Error::in_field("overlap_hours"))?.unwrap_or_default();
    let rotated = endpoints::rotate(&app.log, &app.keys, &viewer.actor, id, overlap).await?;
    let endpoint = endpoints::find(app.pool(), &viewer.actor, id).await?;
    let shown = Some(&rotated.secret);
    let (asked, form) = (Asked::default(), Form::default());
    let page = page(&app, &viewer, &endpoint, shown, &asked, &form).await?;
    Ok((StatusCode::CREATED, respond::page(page)).into_response())
}

async fn enable(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    fields: Fields,
) -> Result {
    let resume = match resume(&fields, &viewer.actor.zone) {
        Ok(resume) => resume,
        Err(error) => return held_again(&app, &viewer, id, &fields, error).await,
    };
    endpoints::enable(&app.log, &viewer.actor, id, resume).await?;
    Ok(see_other(&path(&viewer, id)))
}

/// What is to become of what was held: all of it is sent, unless the form says otherwise.
fn resume(fields: &Fields, zone: &Zone) -> domain::Result<Resume> {
    match fields.get("held").unwrap_or("all") {
        "all" => Ok(Resume::WithAll),
        "nothing" => Ok(Resume::WithNothing),
        "since" => {
            let day = Day::parse(fields.get("since").unwrap_or_default());
            let (start, _) = day.map_err(domain::Error::in_field("since"))?.within(zone);
            Ok(Resume::WithWhatWasOwedSince(start))
        }
        _ => Err(domain::Error::invalid("held", "Choose one of the three.")),
    }
}

/// The page again with what was chosen, and what is wrong with it.
async fn held_again(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    fields: &Fields,
    error: domain::Error,
) -> Result {
    let value = |name| fields.get(name).unwrap_or_default().to_owned();
    let form = Form::default().with("held", value("held")).with("since", value("since"));
    let form = form.refused(respond::wrong_fields(error)?);
    let endpoint = endpoints::find(app.pool(), &viewer.actor, id).await?;
    Ok(respond::invalid(page(app, viewer, &endpoint, None, &Asked::default(), &form).await?))
}

fn path(viewer: &Viewer, id: EndpointId) -> String {
    format!("/{}/webhooks/{id}", viewer.actor.account.slug)
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    endpoints::remove(&app.log, &viewer.actor, id).await?;
    Ok(see_other(&format!("/{}/webhooks", viewer.actor.account.slug)))
}
