//! What was owed to a webhook endpoint, or of an event, and each try at it.

use axum::extract::State;
use axum::routing::on;

use super::caller::Caller;
use super::event_name::EventPattern;
use super::page::{self, LIMIT};
use super::problem::Result;
use super::query::{self, Query};
use crate::domain::feed;
use crate::values::Moment;
use crate::values::id::{DeliveryId, EndpointId, EventId};
use crate::web::extract::Path;
use crate::web::ndjson;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::attempts::{self, Attempt};
use crate::webhooks::deliveries::{self, Delivery, Entry, Filter, Status, export};
use crate::webhooks::send::Fault;

const DELIVERIES: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries";
const EXPORT: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries.ndjson";
const ATTEMPTS: &str =
    "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries/{delivery}/attempts";
const OF_EVENT: &str = "/api/v1/{account}/events/{event}/deliveries";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const NAMES_OF_DELIVERY: &[Names] = &[Names::Account, Names::Endpoint, Names::Delivery];

const BEFORE: Parameter = Parameter::of::<i64>(
    "before",
    "Only those with a lower number.",
    "the number of a delivery, a whole number",
);
const STATUS: Parameter = Parameter::of::<Status>(
    "status",
    "Only those that stand in one of these ways.",
    "pending, delivered, failed, held or skipped",
)
.repeated();
const EVENT: Parameter = Parameter::of::<EventPattern>(
    "event",
    "Only those of these events.",
    "the name of an event that webhooks carry, all of a noun as in card.*, or *",
)
.repeated();
const FAULT: Parameter = Parameter::of::<Fault>(
    "fault",
    "Only those whose last try had one of these faults.",
    "dns, connect, tls, timeout, refused_address, redirect, status, too_large, broken or secret",
)
.repeated();
const A_MOMENT: &str = "a time such as 2026-11-25T09:30:00Z";
const SINCE: Parameter =
    Parameter::of::<Moment>("since", "Only what was owed from this time on.", A_MOMENT);
const UNTIL: Parameter =
    Parameter::of::<Moment>("until", "Only what was owed before this time.", A_MOMENT);

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, DELIVERIES, NAMES, Who::Admin, |method| on(method, index))
        .named("list_deliveries", "What was owed to a webhook endpoint, the newest first")
        .asked(&[BEFORE, LIMIT, STATUS, EVENT, FAULT, SINCE, UNTIL])
        .gives_page::<Delivery>(),
    Route::api(Verb::Get, EXPORT, NAMES, Who::Admin, |method| on(method, lines))
        .named(
            "export_deliveries",
            "All that was owed to a webhook endpoint with the tries, the newest first, a line each",
        )
        .asked(&[STATUS, EVENT, FAULT, SINCE, UNTIL])
        .gives_lines::<Entry>(),
    Route::api(Verb::Get, ATTEMPTS, NAMES_OF_DELIVERY, Who::Admin, |method| on(method, tries))
        .named("list_attempts", "The tries at a delivery, the first one first")
        .gives_page::<Attempt>(),
    Route::api(Verb::Get, OF_EVENT, &[Names::Account, Names::Event], Who::Admin, |method| {
        on(method, of_event)
    })
    .named("list_deliveries_of_event", "What was owed of an event to all webhook endpoints")
    .gives_page::<Entry>(),
];

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    query: Query,
) -> Result {
    let (filter, before) = (filter(&query)?, query.one(&BEFORE)?);
    let limit = usize::from(page::limit(&query)?);
    let found =
        deliveries::of_endpoint(app.pool(), &actor, endpoint, &filter, before, limit).await?;
    let last = found.last().filter(|_| found.len() == limit);
    let next = last.map(|last| query.from(&BEFORE, last.number));
    Ok(page::linked(&found, next))
}

fn filter(query: &Query) -> Result<Filter> {
    let events = query.all(&EVENT)?.into_iter().map(|EventPattern(name)| name);
    let filter = Filter {
        statuses: query.all(&STATUS)?,
        events: events.collect(),
        faults: query.all(&FAULT)?,
        since: query.one(&SINCE)?.map(|Moment(at)| at),
        until: query.one(&UNTIL)?.map(|Moment(at)| at),
    };
    filter.check().map_err(|_| query::refuse(UNTIL.name, "this takes a time after `since`."))?;
    Ok(filter)
}

async fn lines(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    query: Query,
) -> Result {
    let filter = filter(&query)?;
    Ok(ndjson::answer(export::lines(app.pool(), &actor, endpoint, filter).await?))
}

/// A delivery is tried some thirty times at most, so they are one page.
async fn tries(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint, delivery)): Path<(String, EndpointId, DeliveryId)>,
) -> Result {
    let found = attempts::of_delivery(app.pool(), &actor, endpoint, delivery).await?;
    Ok(page::linked(&found, None))
}

/// There are about as many as there are endpoints, so they are one page.
async fn of_event(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, event)): Path<(String, EventId)>,
) -> Result {
    actor.may_administer()?;
    feed::find(&app.log, &actor, event).await?;
    Ok(page::linked(&deliveries::of_event(app.pool(), &actor, event).await?, None))
}
