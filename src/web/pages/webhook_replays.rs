//! Sending to a webhook endpoint again: one delivery, or a part of the log, counted before it is started.

use axum::extract::State;
use axum::response::Response;
use axum::routing::on;
use maud::Markup;

use super::shell;
use crate::domain;
use crate::domain::boards;
use crate::values::id::{DeliveryId, EndpointId, ReplayId};
use crate::values::{Day, Invalid, Zone};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::Path;
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::endpoints;
use crate::webhooks::replays::{self, Preview, Wanted};

const REPLAYS: &str = "/{account}/webhooks/{endpoint}/replays";
const REPLAY: &str = "/{account}/webhooks/{endpoint}/replays/{replay}";
const RESENDS: &str = "/{account}/webhooks/{endpoint}/deliveries/{delivery}/resends";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const NAMES_OF_REPLAY: &[Names] = &[Names::Account, Names::Endpoint, Names::Replay];
const NAMES_OF_DELIVERY: &[Names] = &[Names::Account, Names::Endpoint, Names::Delivery];

/// The button of the form that asks for a count and starts nothing.
const COUNT: &str = "count";

/// How many replays of the past are shown.
const SHOWN: i64 = 20;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, REPLAYS, NAMES, Who::Admin, |method| on(method, index)),
    Route::page(Verb::Post, REPLAYS, NAMES, Who::Admin, |method| on(method, create)),
    Route::page(Verb::Delete, REPLAY, NAMES_OF_REPLAY, Who::Admin, |method| on(method, destroy)),
    Route::page(Verb::Post, RESENDS, NAMES_OF_DELIVERY, Who::Admin, |method| on(method, resend)),
];

async fn index(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    Ok(respond::page(page(&app, &viewer, id, &Form::default(), None).await?))
}

/// Counts, or starts what was counted.
async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    fields: Fields,
) -> Result {
    let form = form(&fields);
    match asked(&app, &viewer, id, &fields).await {
        Ok(Some(preview)) => {
            Ok(respond::page(page(&app, &viewer, id, &form, Some(&preview)).await?))
        }
        Ok(None) => Ok(see_other(&path(&viewer, id, "/replays"))),
        Err(error) => {
            let form = form.refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(page(&app, &viewer, id, &form, None).await?))
        }
    }
}

async fn asked(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    fields: &Fields,
) -> domain::Result<Option<Preview>> {
    let wanted = wanted(fields, &viewer.actor.zone)?;
    if fields.get(COUNT).is_some() {
        return Ok(Some(replays::preview(&app.log, &viewer.actor, id, &wanted).await?));
    }
    replays::start(&app.log, &viewer.actor, id, &wanted).await?;
    app.replayer.wake();
    Ok(None)
}

/// Days are those of whoever asks, the last one included.
fn wanted(fields: &Fields, zone: &Zone) -> domain::Result<Wanted> {
    let day = |field: &'static str| -> domain::Result<Option<Day>> {
        let typed = fields.get(field).map(str::trim).filter(|typed| !typed.is_empty());
        typed.map(Day::parse).transpose().map_err(domain::Error::in_field(field))
    };
    let parsed = |field: &'static str, invalid: Invalid| domain::Error::in_field(field)(invalid);
    let which = fields.get("which").map(str::parse).transpose();
    let boards = fields.all("board_ids").filter(|id| !id.is_empty()).map(str::parse);
    Ok(Wanted {
        since: day("since")?.map(|day| day.within(zone).0),
        until: day("until")?.map(|day| day.within(zone).1),
        which: which.map_err(|invalid| parsed("which", invalid))?.unwrap_or_default(),
        events: fields
            .get("events")
            .unwrap_or_default()
            .split([' ', ','])
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        board_ids: boards
            .collect::<std::result::Result<_, _>>()
            .map_err(|invalid| parsed("board_ids", invalid))?,
    })
}

fn form(fields: &Fields) -> Form {
    let value = |name| fields.get(name).unwrap_or_default().to_owned();
    let form = ["since", "until", "which", "events"]
        .into_iter()
        .fold(Form::default(), |form, field| form.with(field, value(field)));
    fields.all("board_ids").fold(form, |form, id| form.with("board_ids", id))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    form: &Form,
    preview: Option<&Preview>,
) -> Result<Markup> {
    let endpoint = endpoints::present(app.pool(), &viewer.actor, id).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let boards = boards::all(app.pool(), &viewer.actor).await?;
    let boards: Vec<_> = boards.into_iter().map(|summary| summary.board).collect();
    let replays = replays::of_endpoint(app.pool(), &viewer.actor, id, None, SHOWN).await?;
    Ok(views::webhooks::replays(&shell, &endpoint, &boards, &replays, form, preview))
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id, replay)): Path<(String, EndpointId, ReplayId)>,
) -> Result {
    match replays::cancel(&app.log, &viewer.actor, id, replay).await {
        Ok(()) => {
            app.replayer.wake();
            Ok(see_other(&path(&viewer, id, "/replays")))
        }
        Err(error) => refused(&app, &viewer, id, error).await,
    }
}

async fn resend(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id, delivery)): Path<(String, EndpointId, DeliveryId)>,
) -> Result {
    match replays::resend(&app.log, &viewer.actor, id, delivery).await {
        Ok(_) => {
            app.replayer.wake();
            Ok(see_other(&path(&viewer, id, "")))
        }
        Err(error) => refused(&app, &viewer, id, error).await,
    }
}

/// The page with what is wrong, for what was asked for by a button alone.
async fn refused(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    error: domain::Error,
) -> Result<Response> {
    let form = Form::default().refused(respond::wrong_fields(error)?);
    Ok(respond::invalid(page(app, viewer, id, &form, None).await?))
}

fn path(viewer: &Viewer, id: EndpointId, rest: &str) -> String {
    format!("/{}/webhooks/{id}{rest}", viewer.actor.account.slug)
}
