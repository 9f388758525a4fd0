//! Insights: what is read, by whom and when, as a page and as files of comma-separated values.

use std::str::FromStr;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::shell;
use crate::domain::boards::Sight;
use crate::domain::{Actor, users};
use crate::tracking::insights::{self, Filter, Span, Table};
use crate::values::id::{BoardId, UserId};
use crate::values::{Day, Invalid, clock};
use crate::views;
use crate::views::insights::Shown;
use crate::web::error::Error;
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

/// How many days are shown if nobody says.
const USUAL: i32 = 30;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/insights", &[Account], Who::Admin, |m| on(m, show)),
    Route::page(Verb::Get, "/{account}/insights/now", &[Account], Who::Admin, |m| on(m, now)),
    Route::page(Verb::Get, "/{account}/insights/csv", &[Account], Who::Admin, |m| on(m, csv)),
];

/// What stands behind the question mark.
#[derive(Default)]
struct Asked {
    days: Option<i32>,
    since: Option<Day>,
    until: Option<Day>,
    board: Option<BoardId>,
    person: Option<UserId>,
    table: Table,
}

async fn show(State(app): State<App>, viewer: Viewer, RawQuery(query): RawQuery) -> Result {
    let (actor, asked) = (&viewer.actor, read_query(&query.unwrap_or_default())?);
    let filter = asked.filter(actor)?;
    let mut connection = app.connection().await?;
    let sight = Sight::of(&mut *connection, actor).await?;
    let people = users::shown(&mut *connection, actor).await?;
    let insights = insights::read(&mut connection, actor, &sight, &people, &filter).await?;
    let now = insights::now(&mut connection, actor).await?;
    drop(connection);
    let shell = shell::of_viewer(&app, &viewer).await?;
    let (filter, insights, now) = (&filter, &insights, &now);
    let shown = Shown { filter, insights, now, boards: &sight.seen, people: &people };
    Ok(respond::page(views::insights::show(&shell, &shown)))
}

/// The part of the page that is fetched anew.
async fn now(State(app): State<App>, viewer: Viewer) -> Result {
    let mut connection = app.connection().await?;
    let now = insights::now(&mut connection, &viewer.actor).await?;
    Ok(respond::page(views::insights::now(&viewer.actor.account.slug, &now)))
}

async fn csv(State(app): State<App>, viewer: Viewer, RawQuery(query): RawQuery) -> Result {
    let (actor, asked) = (&viewer.actor, read_query(&query.unwrap_or_default())?);
    let filter = asked.filter(actor)?;
    let mut connection = app.connection().await?;
    let sight = Sight::of(&mut *connection, actor).await?;
    let people = users::shown(&mut *connection, actor).await?;
    let (connection, table) = (&mut connection, asked.table);
    let rows = insights::csv(connection, actor, &sight, &people, &filter, table).await?;
    let Filter { span: Span { first, last }, .. } = filter;
    let name = format!("{}-{table}-{first}-{last}.csv", actor.account.slug);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, rows).into_response())
}

impl Asked {
    /// Days are those of the account.
    fn filter(&self, actor: &Actor) -> Result<Filter> {
        let today = Day::of(clock::now(), &actor.account.zone);
        let span = match (self.days, self.since, self.until) {
            (Some(days), None, None) => Span::latest(days, today),
            (None, None, None) => Span::latest(USUAL, today),
            (_, Some(since), until) => Span::between(since, until.unwrap_or(today), today),
            (_, None, Some(until)) => Span::between(until.plus(1 - USUAL), until, today),
        };
        let span = span.map_err(|invalid| refused(&invalid))?;
        if self.board.is_some() && self.person.is_some() {
            return Err(refused(&Invalid::because("Ask for a board or for a person.")));
        }
        Ok(Filter { span, board: self.board, person: self.person })
    }
}

fn read_query(query: &str) -> Result<Asked> {
    let mut asked = Asked::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        // A field of a form that was left empty asks for nothing.
        let value = value.trim();
        match &*name {
            _ if value.is_empty() => {}
            "days" => asked.days = Some(read_as(value, "Ask for 1 to 366 days.")?),
            "since" => asked.since = Some(Day::parse(value).map_err(|it| refused(&it))?),
            "until" => asked.until = Some(Day::parse(value).map_err(|it| refused(&it))?),
            "board_id" => asked.board = Some(read_as(value, "There is no such board.")?),
            "person_id" => asked.person = Some(read_as(value, "There is no such person.")?),
            "table" => asked.table = read_as(value, "There is no such table.")?,
            _ => {}
        }
    }
    Ok(asked)
}

fn read_as<T: FromStr>(value: &str, otherwise: &'static str) -> Result<T> {
    value.parse().map_err(|_| refused(&Invalid::because(otherwise)))
}

fn refused(invalid: &Invalid) -> Error {
    Error::refused(StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string())
}
