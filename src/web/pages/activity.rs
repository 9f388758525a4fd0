//! The feeds: what happened in the account, on one board, and by one person; narrowed by what
//! stands behind the question mark.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use super::shell;
use crate::domain::boards::Sight;
use crate::domain::feed::{self, Filter, reading};
use crate::domain::users::User;
use crate::domain::{self, Actor, users};
use crate::live::{Cursor, Stream};
use crate::values::Day;
use crate::values::id::{BoardId, UserId};
use crate::views;
use crate::views::activities::{FeedPage, Lines, Of};
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

/// A feed that is being opened: what is asked for, and what is read before all else.
struct Opening {
    asked: Asked,
    /// All that the page shows is read over one connection.
    connection: PoolConnection<Postgres>,
    cursor: Cursor,
    sight: Arc<Sight>,
}

impl Opening {
    async fn of(app: &App, viewer: &Viewer, query: Option<String>) -> Result<Self> {
        let (asked, actor) = (read_query(&query.unwrap_or_default())?, &viewer.actor);
        let mut connection = app.connection().await?;
        let cursor = app.hub.cursor(&mut *connection, actor).await?;
        let (account, user) = (actor.account.id, actor.user_id);
        let sight = match app.feeds.sights.get(account, &cursor, user) {
            Some(sight) => sight,
            None => {
                let sight = Arc::new(Sight::of(&mut *connection, actor).await?);
                app.feeds.sights.put(account, cursor.clone(), user, Arc::clone(&sight));
                sight
            }
        };
        Ok(Self { asked, connection, cursor, sight })
    }

    async fn members(&mut self, app: &App, actor: &Actor) -> Result<Arc<Vec<User>>> {
        let account = actor.account.id;
        if let Some(members) = app.feeds.members.get(account, &self.cursor, ()) {
            return Ok(members);
        }
        let members = Arc::new(users::all(&mut *self.connection, actor).await?);
        app.feeds.members.put(account, self.cursor.clone(), (), Arc::clone(&members));
        Ok(members)
    }

    /// The lines of a feed that is narrowed so. Those of a day are made for each person: days are
    /// their own.
    async fn lines(&mut self, app: &App, actor: &Actor, filter: Filter) -> Result<Arc<Lines>> {
        let (account, before) = (actor.account.id, self.asked.before);
        let key = (filter, before, self.sight.hidden.clone());
        if let Some(lines) = app.feeds.lines.get(account, &self.cursor, key.clone()) {
            return Ok(lines);
        }
        let (connection, filter) = (&mut self.connection, &key.0);
        let feed = feed::filtered(&app.log, connection, actor, &self.sight, filter, before).await?;
        let lines = Arc::new(views::activities::lines(&actor.account.slug, &feed));
        if filter.day.is_none() {
            app.feeds.lines.put(account, self.cursor.clone(), key, Arc::clone(&lines));
        }
        Ok(lines)
    }
}

async fn of_account(State(app): State<App>, viewer: Viewer, RawQuery(query): RawQuery) -> Result {
    let opening = Opening::of(&app, &viewer, query).await?;
    page(&app, &viewer, opening, Of::Account, &Filter::default()).await
}

async fn of_board(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    RawQuery(query): RawQuery,
) -> Result {
    let opening = Opening::of(&app, &viewer, query).await?;
    let board = opening.sight.find(board)?.clone();
    page(&app, &viewer, opening, Of::Board(&board), &Filter::board(board.id)).await
}

async fn of_person(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, person)): Path<(String, UserId)>,
    RawQuery(query): RawQuery,
) -> Result {
    let mut opening = Opening::of(&app, &viewer, query).await?;
    let person = users::find_or_former(&mut *opening.connection, &viewer.actor, person).await?;
    page(&app, &viewer, opening, Of::Person(&person), &Filter::person(person.id)).await
}

/// The page of a feed, narrowed within the part of the log that it is about.
async fn page(
    app: &App,
    viewer: &Viewer,
    mut opening: Opening,
    of: Of<'_>,
    part: &Filter,
) -> Result {
    let actor = &viewer.actor;
    let narrowed = opening.asked.filter.clone().within(part);
    let lines = opening.lines(app, actor, narrowed).await?;
    let people = opening.members(app, actor).await?;
    let Opening { asked: Asked { filter, before }, mut connection, cursor, sight } = opening;
    let seen = reading::seen(&mut *connection, actor).await?;
    let streams = streams(&sight, of, &filter, before);
    let shell = shell::following(app, viewer, &mut *connection, &cursor, &streams).await?;
    let (filter, boards, people, lines) = (&filter, &sight.seen, &people, &lines);
    let shown = FeedPage { of, filter, boards, people, lines, before, seen };
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
