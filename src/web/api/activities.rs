//! The log: activities as people read them, and the same as events go out.

use axum::Json as Answer;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LINK;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use super::caller::Caller;
use super::problem::{Problem, Result};
use super::representation::ActivityJson;
use crate::domain::boards;
use crate::domain::feed::{self, Feed};
use crate::events::history::{From, Scope};
use crate::events::{AccountRef, Envelope, KINDS, Kind};
use crate::values::id::BoardId;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const ACTIVITIES: &str = "/api/v1/{account}/activities";
const EVENTS: &str = "/api/v1/{account}/events";
const NAMES: &[Names] = &[Names::Account];

/// How many are given unless asked otherwise, and how many at most.
const LIMIT: usize = 50;
const MOST: usize = 1_000;

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, ACTIVITIES, NAMES, Who::Member, |method| on(method, index)),
    Route::api(Verb::Get, EVENTS, NAMES, Who::Member, |method| on(method, events)),
];

/// What is asked for; a parameter that is unknown or wrong is refused.
struct Wanted {
    from: From,
    limit: usize,
    board: Option<BoardId>,
    kinds: Vec<&'static Kind>,
}

impl Wanted {
    fn read(query: Option<&str>, from: From) -> Result<Self> {
        let mut wanted = Self { from, limit: LIMIT, board: None, kinds: Vec::new() };
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
            wanted.take(&name, &value).map_err(|detail| {
                Problem::refused(StatusCode::BAD_REQUEST, format!("{name}: {detail}"))
            })?;
        }
        if wanted.kinds.is_empty() {
            wanted.kinds = KINDS.to_vec();
        }
        Ok(wanted)
    }

    fn take(&mut self, name: &str, value: &str) -> std::result::Result<(), &'static str> {
        let sequence = || value.parse().map_err(|_| "this takes a sequence, a whole number.");
        match name {
            "after" => self.from = From::After(sequence()?),
            "before" => self.from = From::Before(sequence()?),
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                self.limit = limit.ok_or("this takes a number from 1 to 1000.")?;
            }
            "board_id" => {
                self.board = Some(value.parse().map_err(|_| "this takes the id of a board.")?);
            }
            "kind" => {
                let kind = Kind::by_wire_name(value).ok_or("there is no such kind of event.")?;
                self.kinds.push(kind);
            }
            _ => return Err("there is no such parameter."),
        }
        Ok(())
    }
}

/// An event as webhooks carry it, with its number in the log.
#[derive(serde::Serialize)]
struct Numbered<'a> {
    #[serde(flatten)]
    event: Envelope<'a>,
    sequence: i64,
}

async fn index(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery) -> Result {
    let account = caller.0.account.slug.clone();
    let (feed, from) = read(&app, &caller, query.as_deref(), From::Newest).await?;
    Ok(list(&feed, &next(ACTIVITIES, account.as_str(), query.as_deref(), from)))
}

async fn events(State(app): State<App>, caller: Caller, RawQuery(query): RawQuery) -> Result {
    let account = AccountRef { id: caller.0.account.id, slug: caller.0.account.slug.clone() };
    let (feed, from) = read(&app, &caller, query.as_deref(), From::After(0)).await?;
    let events = feed.activities.iter().map(|activity| Numbered {
        event: Envelope::new(&account, &activity.header, activity.event.as_ref()),
        sequence: activity.sequence,
    });
    let events: Vec<Numbered<'_>> = events.collect();
    let next = next(EVENTS, account.slug.as_str(), query.as_deref(), from);
    Ok(linked(Answer(events).into_response(), feed.next, &next))
}

async fn read(
    app: &App,
    Caller(actor): &Caller,
    query: Option<&str>,
    from: From,
) -> Result<(Feed, From)> {
    let wanted = Wanted::read(query, from)?;
    let scope = match wanted.board {
        Some(id) => Scope::Board(boards::find(app.pool(), actor, id).await?.id),
        None => Scope::Account,
    };
    let feed = feed::read(&app.log, actor, scope, wanted.from, wanted.limit, wanted.kinds).await?;
    Ok((feed, wanted.from))
}

/// The address of the next page, but for the sequence at its end.
fn next(path: &str, account: &str, query: Option<&str>, from: From) -> String {
    let pairs = url::form_urlencoded::parse(query.unwrap_or("").as_bytes());
    let kept = pairs.filter(|(name, _)| name != "after" && name != "before");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    let direction = if matches!(from, From::After(_)) { "after" } else { "before" };
    query.append_pair(direction, "");
    format!("{}?{}", path.replace("{account}", account), query.finish())
}

/// A list of activities, with a link to the next page; `next` lacks only the sequence.
pub(super) fn list(feed: &Feed, next: &str) -> Response {
    let people = &feed.people;
    let activities: Vec<ActivityJson> =
        feed.activities.iter().map(|activity| ActivityJson::new(activity, people)).collect();
    linked(Answer(activities).into_response(), feed.next, next)
}

fn linked(response: Response, sequence: Option<i64>, next: &str) -> Response {
    match sequence {
        Some(sequence) => {
            ([(LINK, format!("<{next}{sequence}>; rel=\"next\""))], response).into_response()
        }
        None => response,
    }
}
