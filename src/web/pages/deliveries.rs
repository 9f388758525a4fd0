//! The log of an endpoint: what stands behind the question mark, the log alone, all of it as lines of
//! JSON; and what was owed of one event.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::shell;
use crate::domain::{self, feed};
use crate::values::Day;
use crate::values::id::{EndpointId, EventId};
use crate::views;
use crate::views::deliveries::{LogPage, Narrowed};
use crate::views::paths;
use crate::web::error::Error;
use crate::web::extract::Path;
use crate::web::ndjson;
use crate::web::respond::{self, Result};
use crate::web::route::Names::{Account, Endpoint, Event};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::deliveries::{self, Entry, Log, export};
use crate::webhooks::{endpoints, events};

const LOG: &str = "/{account}/webhooks/{endpoint}/log";
const EXPORT: &str = "/{account}/webhooks/{endpoint}/deliveries.ndjson";
const OF_EVENT: &str = "/{account}/activities/{event}/deliveries";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, LOG, &[Account, Endpoint], Who::Admin, |m| on(m, alone)),
    Route::page(Verb::Get, EXPORT, &[Account, Endpoint], Who::Admin, |m| on(m, lines)),
    Route::page(Verb::Get, OF_EVENT, &[Account, Event], Who::Admin, |m| on(m, of_event)),
];

/// What stands behind the question mark of a log.
#[derive(Debug, Default)]
pub(super) struct Asked {
    narrowed: Narrowed,
    before: Option<i64>,
}

impl Asked {
    /// The part of the log that is asked for.
    pub(super) async fn log(
        &self,
        app: &App,
        viewer: &Viewer,
        endpoint: EndpointId,
    ) -> domain::Result<Log> {
        let filter = self.narrowed.filter(&viewer.actor.zone);
        deliveries::log(app.pool(), &viewer.actor, endpoint, &filter, self.before).await
    }

    /// That part as a page shows it.
    pub(super) fn page<'a>(&'a self, log: &'a Log) -> LogPage<'a> {
        LogPage { narrowed: &self.narrowed, before: self.before, log }
    }

    fn of(query: &str) -> Result<Self> {
        let mut asked = Self::default();
        let narrowed = &mut asked.narrowed;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // A field of a form that was left empty asks for nothing.
            let value = value.trim();
            match &*name {
                _ if value.is_empty() => {}
                "status" => narrowed.statuses.push(read(value, "No delivery stands like that.")?),
                "event" if events::is_known(value) => narrowed.events.push(value.to_owned()),
                "event" => return Err(refused(&format!("There is no event called “{value}”."))),
                "fault" => narrowed.faults.push(read(value, "No try can have that fault.")?),
                "since" => narrowed.since = Some(day(value)?),
                "until" => narrowed.until = Some(day(value)?),
                "before" => asked.before = Some(read(value, "There is no such page of this log.")?),
                _ => {}
            }
        }
        if narrowed.since.zip(narrowed.until).is_some_and(|(since, until)| until < since) {
            return Err(refused("The last of these days is before the first."));
        }
        Ok(asked)
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        Self::of(parts.uri.query().unwrap_or_default())
    }
}

fn read<T: FromStr>(value: &str, otherwise: &str) -> Result<T> {
    value.parse().map_err(|_| refused(otherwise))
}

fn day(value: &str) -> Result<Day> {
    Day::parse(value).map_err(|invalid| refused(&invalid.to_string()))
}

fn refused(sentence: &str) -> Error {
    Error::refused(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}

/// The log alone, for a page that was told that its own is out of date.
async fn alone(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    asked: Asked,
) -> Result {
    let (slug, log) = (&viewer.actor.account.slug, asked.log(&app, &viewer, endpoint).await?);
    let path = paths::endpoint(slug, endpoint);
    Ok(respond::page(views::deliveries::log(slug, &viewer.csrf_token, &path, &asked.page(&log))))
}

async fn lines(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    asked: Asked,
) -> Result {
    let filter = asked.narrowed.filter(&viewer.actor.zone);
    let lines = export::lines(app.pool(), &viewer.actor, endpoint, filter).await?;
    let file = [(CONTENT_DISPOSITION, "attachment; filename=\"deliveries.ndjson\"")];
    Ok((file, ndjson::answer(lines)).into_response())
}

async fn of_event(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, event)): Path<(String, EventId)>,
) -> Result {
    let (pool, actor) = (app.pool(), &viewer.actor);
    let shell = shell::of_viewer(&app, &viewer).await?;
    let activity = feed::find(&app.log, actor, event).await?;
    let mut entries: BTreeMap<EndpointId, Vec<Entry>> = BTreeMap::new();
    for entry in deliveries::of_event(pool, actor, event).await? {
        entries.entry(entry.delivery.endpoint_id).or_default().push(entry);
    }
    let mut by_endpoint = Vec::new();
    for (endpoint, entries) in entries {
        by_endpoint.push((endpoints::find(pool, actor, endpoint).await?, entries));
    }
    let told = std::slice::from_ref(&activity);
    let people = feed::people(pool, actor.account.id, told).await?;
    let gone = feed::Gone::of(pool, actor.account.id, told).await?;
    Ok(respond::page(views::webhooks::of_event(&shell, &activity, (&people, &gone), &by_endpoint)))
}
