//! The log: activities as people read them, and the same as events go out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use super::caller::Caller;
use super::event_name::EventName;
use super::page::{self, LIMIT, linked};
use super::problem::Result;
use super::query::{self, Query};
use super::representation::{ActivityJson, EventJson};
use crate::domain::feed::{self, Feed, Filter};
use crate::events::history::From;
use crate::events::{AccountRef, Envelope};
use crate::values::id::{BoardId, EventId, UserId};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ACTIVITIES: &str = "/api/v1/{account}/activities";
const EVENTS: &str = "/api/v1/{account}/events";
const EVENT: &str = "/api/v1/{account}/events/{event}";
const NAMES: &[Names] = &[Names::Account];

const A_SEQUENCE: &str = "a sequence, a whole number";
const AFTER: Parameter = Parameter::of::<i64>(
    "after",
    "Only what came after this sequence, the oldest first.",
    A_SEQUENCE,
);
pub(super) const BEFORE: Parameter = Parameter::of::<i64>(
    "before",
    "Only what came before this sequence, the newest first.",
    A_SEQUENCE,
);
const BOARD: Parameter = Parameter::of::<BoardId>(
    "board_id",
    "Only what happened on these boards.",
    "the id of a board",
)
.repeated();
const CREATOR: Parameter =
    Parameter::of::<UserId>("creator_id", "Only what this member did.", "the id of a member");
const KIND: Parameter = Parameter::of::<EventName>(
    "kind",
    "Only events of these kinds.",
    "the name of a kind of event",
)
.repeated();

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, ACTIVITIES, NAMES, Who::Member, |method| on(method, index))
        .named("list_activities", "The log as people read it, the newest first")
        .asked(&[AFTER, BEFORE, LIMIT, BOARD, CREATOR, KIND])
        .gives_page::<ActivityJson>(),
    Route::api(Verb::Get, EVENTS, NAMES, Who::Member, |method| on(method, events))
        .named("list_events", "The log as webhooks send it, the oldest first")
        .asked(&[AFTER, LIMIT, BOARD, CREATOR, KIND])
        .gives_page::<EventJson>(),
    Route::api(Verb::Get, EVENT, &[Names::Account, Names::Event], Who::Member, |method| {
        on(method, event)
    })
    .named("get_event", "An event of the log as webhooks send it, also one too large for them")
    .gives::<EventJson>(),
];

async fn index(State(app): State<App>, caller: Caller, query: Query) -> Result {
    let from = match (query.one(&AFTER)?, query.one(&BEFORE)?) {
        (Some(_), Some(_)) => return Err(query::refuse(BEFORE.name, "give this or `after`.")),
        (Some(after), None) => From::After(after),
        (None, Some(before)) => From::Before(before),
        (None, None) => From::Newest,
    };
    let feed = read(&app, &caller, &query, from).await?;
    let next = if matches!(from, From::After(_)) { &AFTER } else { &BEFORE };
    Ok(list(&feed, &query, next))
}

async fn events(State(app): State<App>, caller: Caller, query: Query) -> Result {
    let from = query.one(&AFTER)?.unwrap_or(0);
    let feed = read(&app, &caller, &query, From::After(from)).await?;
    let account = &caller.0.account;
    let account = AccountRef { id: account.id, slug: account.slug.clone() };
    let events = feed.activities.iter().map(|activity| EventJson {
        envelope: Envelope::new(&account, &activity.header, activity.event.as_ref()),
        sequence: activity.sequence,
    });
    let events: Vec<EventJson> = events.collect();
    Ok(linked(&events, next(&feed, &query, &AFTER)))
}

async fn event(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, id)): Path<(String, EventId)>,
) -> Result {
    let activity = feed::find(&app.log, &actor, id).await?;
    let account = AccountRef { id: actor.account.id, slug: actor.account.slug.clone() };
    let envelope = Envelope::new(&account, &activity.header, activity.event.as_ref());
    Ok(Json(EventJson { envelope, sequence: activity.sequence }).into_response())
}

async fn read(app: &App, Caller(actor): &Caller, query: &Query, from: From) -> Result<Feed> {
    let kinds = query.all(&KIND)?.into_iter().map(|EventName(kind)| kind.wire_name());
    let filter = Filter {
        boards: query.all(&BOARD)?,
        person: query.one(&CREATOR)?,
        kinds: kinds.collect(),
        day: None,
    };
    Ok(feed::log(&app.log, actor, &filter, from, page::limit(query)?.into()).await?)
}

/// A list of activities, with a link to the next page in the direction of a parameter.
pub(super) fn list(feed: &Feed, query: &Query, start: &Parameter) -> Response {
    let people = &feed.people;
    let activities: Vec<ActivityJson> =
        feed.activities.iter().map(|activity| ActivityJson::new(activity, people)).collect();
    linked(&activities, next(feed, query, start))
}

fn next(feed: &Feed, query: &Query, start: &Parameter) -> Option<String> {
    feed.next.map(|sequence| query.from(start, sequence))
}
