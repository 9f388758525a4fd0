//! The feeds: what happened in the account, on one board, and by one person; narrowed by what
//! stands behind the question mark.

use std::str::FromStr;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use super::shell;
use crate::domain::boards::Sight;
use crate::domain::feed::{self, Filter, reading};
use crate::domain::{self, users};
use crate::live::{Cursor, Stream};
use crate::values::Day;
use crate::values::id::{BoardId, UserId};
use crate::views;
use crate::views::activities::{FeedPage, Of};
use crate::web::error::Error;
use crate::web::extract::Path;
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::Names::{Account, Board, Member};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const READINGS: &str = "/{account}/activity/readings";
const OF_BOARD: &str = "/{account}/boards/{board}/activity";
const OF_PERSON: &str = "/{account}/members/{member}/activity";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/activity", &[Account], Who::Member, |m| on(m, of_account)),
    Route::page(Verb::Post, READINGS, &[Account], Who::Member, |m| on(m, read)),
    Route::page(Verb::Get, OF_BOARD, &[Account, Board], Who::Member, |m| on(m, of_board)),
    Route::page(Verb::Get, OF_PERSON, &[Account, Member], Who::Member, |m| on(m, of_person)),
];

/// The most streams of a page; whoever sees more private boards is asked to load anew instead.
const MOST_STREAMS: usize = 32;

/// From where a page of a feed goes back in time: the sequence that it does not show any more.
#[derive(serde::Deserialize)]
pub(super) struct Before {
    pub(super) before: Option<i64>,
}

/// What stands behind the question mark of a feed.
#[derive(Debug, Default)]
struct Asked {
    filter: Filter,
    before: Option<i64>,
}

/// Whose feed is opened, what belongs to it, and the boards as the viewer sees them.
struct Place<'a> {
    of: Of<'a>,
    part: Filter,
    sight: &'a Sight,
}

async fn of_account(State(app): State<App>, viewer: Viewer, RawQuery(query): RawQuery) -> Result {
    let (asked, cursor, sight) = begin(&app, &viewer, query).await?;
    let place = Place { of: Of::Account, part: Filter::default(), sight: &sight };
    page(&app, &viewer, place, asked, cursor).await
}

async fn of_board(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    RawQuery(query): RawQuery,
) -> Result {
    let (asked, cursor, sight) = begin(&app, &viewer, query).await?;
    let of = Of::Board(sight.find(board)?);
    page(&app, &viewer, Place { of, part: Filter::board(board), sight: &sight }, asked, cursor)
        .await
}

async fn of_person(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, person)): Path<(String, UserId)>,
    RawQuery(query): RawQuery,
) -> Result {
    let (asked, cursor, sight) = begin(&app, &viewer, query).await?;
    let person = users::find_or_former(app.pool(), &viewer.actor, person).await?;
    let place = Place { of: Of::Person(&person), part: Filter::person(person.id), sight: &sight };
    page(&app, &viewer, place, asked, cursor).await
}

/// What is asked for, and what is read before all else: from where the page is kept true, and what
/// the viewer sees.
async fn begin(
    app: &App,
    viewer: &Viewer,
    query: Option<String>,
) -> Result<(Asked, Cursor, Sight)> {
    let asked = read_query(&query.unwrap_or_default())?;
    let cursor = app.hub.cursor(&viewer.actor).await?;
    Ok((asked, cursor, Sight::of(app.pool(), &viewer.actor).await?))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    Place { of, part, sight }: Place<'_>,
    Asked { filter, before }: Asked,
    cursor: Cursor,
) -> Result {
    let (pool, actor) = (app.pool(), &viewer.actor);
    let narrowed = filter.clone().within(&part);
    let feed = feed::filtered(&app.log, actor, sight, &narrowed, before).await?;
    let streams = streams(sight, of, &filter, before);
    let shell = shell::following(app, viewer, &cursor, &streams).await?;
    let people = users::all(pool, actor).await?;
    let seen = reading::seen(pool, actor).await?;
    let (filter, boards, people, feed) = (&filter, &sight.seen, &people, &feed);
    let shown = FeedPage { of, filter, boards, people, feed, before, seen };
    Ok(respond::page(views::activities::show(&shell, &shown)))
}

/// What keeps the page true. An older page does not change: what happens now belongs on the newest.
fn streams(sight: &Sight, of: Of<'_>, filter: &Filter, before: Option<i64>) -> Vec<Stream> {
    match of {
        _ if before.is_some() => Vec::new(),
        Of::Board(board) if filter.is_empty() => vec![Stream::BoardActivities(board.id)],
        Of::Account if filter.is_empty() && sight.private().count() < MOST_STREAMS => {
            let private = sight.private().map(Stream::BoardActivities);
            [Stream::AccountActivities].into_iter().chain(private).collect()
        }
        _ => vec![Stream::AccountRefreshes],
    }
}

fn read_query(query: &str) -> Result<Asked> {
    let mut asked = Asked::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        // A field of a form that was left empty asks for nothing.
        let value = value.trim();
        match &*name {
            _ if value.is_empty() => {}
            "board_id" => asked.filter.boards.push(read_as(value, "There is no such board.")?),
            "creator_id" => asked.filter.person = Some(read_as(value, "There is no such person.")?),
            "kind" => asked.filter.kinds.push(value.to_owned()),
            "day" => asked.filter.day = Some(day(value)?),
            "before" => asked.before = Some(read_as(value, "There is no such page of this feed.")?),
            _ => {}
        }
    }
    Ok(asked)
}

fn read_as<T: FromStr>(value: &str, otherwise: &str) -> Result<T> {
    value.parse().map_err(|_| refused(otherwise))
}

fn day(value: &str) -> Result<Day> {
    Day::parse(value).map_err(|invalid| refused(&invalid.to_string()))
}

fn refused(sentence: &str) -> Error {
    Error::refused(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}

/// Notes up to where the viewer has read.
async fn read(State(app): State<App>, viewer: Viewer, fields: Fields) -> Result<Response> {
    let sequence = fields.get("sequence").and_then(|sequence| sequence.parse().ok());
    let wrong = || domain::Error::invalid("sequence", "This takes the sequence of an activity.");
    reading::note(app.pool(), &viewer.actor, sequence.ok_or_else(wrong)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
