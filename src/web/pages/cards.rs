//! Cards: adding, reading, editing.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use super::{boards, deletions, shell};
use crate::domain::cards::{self, Card, Edit};
use crate::domain::{self, columns, comments, feed, tags};
use crate::live::Stream;
use crate::notifications;
use crate::tracking::{Trackable, TrackableType, receipts};
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Description, Title};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const CARD: &str = "/{account}/cards/{number}";

const NAMES: &[Names] = &[Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Post,
        "/{account}/boards/{board}/cards",
        &[Account, Board],
        Who::Member,
        |method| on(method, create),
    ),
    Route::page(Verb::Get, CARD, NAMES, Who::Member, |method| on(method, show)),
    Route::page(Verb::Patch, CARD, NAMES, Who::Member, |method| on(method, update)),
    Route::page(Verb::Get, "/{account}/cards/{number}/edit", NAMES, Who::Member, |method| {
        on(method, edit)
    }),
];

#[derive(serde::Deserialize)]
struct NewCard {
    #[serde(default)]
    title: String,
    column_id: Option<String>,
}

#[derive(Default, serde::Deserialize)]
struct Fields {
    title: Option<String>,
    description: Option<String>,
    version: Option<String>,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    extract::Form(new): extract::Form<NewCard>,
) -> Result {
    match add(&app, &viewer, board, &new).await {
        Ok(_) => Ok(see_other(&boards::path(&viewer, board))),
        Err(error) => boards::again(&app, &viewer, board, new.form(), error).await,
    }
}

async fn add(app: &App, viewer: &Viewer, board: BoardId, new: &NewCard) -> domain::Result<Card> {
    let column = new.column_id.as_deref().filter(|id| !id.is_empty()).map(column_id).transpose()?;
    let title = Title::parse(&new.title).map_err(domain::Error::in_field("title"))?;
    cards::add(&app.log, &viewer.actor, board, column, title).await
}

/// What is not an id is no column of this board either.
pub(super) fn column_id(text: &str) -> domain::Result<ColumnId> {
    text.parse().map_err(|_| domain::Error::invalid("column_id", "This board has no such column."))
}

/// A place in a row; none: the last one.
pub(super) fn position(text: Option<&str>) -> domain::Result<Option<u32>> {
    let position = text.filter(|text| !text.is_empty()).map(str::parse).transpose();
    position.map_err(|_| {
        domain::Error::invalid("position", "A position is a whole number, counted from 0.")
    })
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let card = match cards::find(app.pool(), &viewer.actor, number).await {
        Err(domain::Error::NotFound) => return deletions::gone(&app, &viewer, number).await,
        card => card?,
    };
    if !is_prefetch(&headers) {
        notifications::read_card(app.pool(), &viewer.actor, card.id).await?;
    }
    Ok(respond::page(page(&app, &viewer, number, &Form::default()).await?))
}

/// A page that a browser fetches because the pointer rests on its link was not read by anybody.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["x-sec-purpose", "sec-purpose"].iter().any(|name| {
        headers.get(*name).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("prefetch"))
    })
}

/// The card's page with what was typed into one of its forms, and what is wrong with it.
pub(super) async fn refused(
    app: &App,
    viewer: &Viewer,
    number: i64,
    typed: Form,
    error: domain::Error,
) -> Result<Response> {
    let form = typed.refused(respond::wrong_fields(error)?);
    Ok(respond::invalid(page(app, viewer, number, &form).await?))
}

async fn page(app: &App, viewer: &Viewer, number: i64, form: &Form) -> Result<maud::Markup> {
    let (actor, account) = (&viewer.actor, viewer.actor.account.id);
    let connection = &mut *app.connection().await?;
    let cursor = app.hub.cursor(&mut *connection, actor).await?;
    let card = cards::find(&mut *connection, actor, number).await?;
    let board = domain::boards::find(&mut *connection, actor, card.board_id).await?;
    let streams = [Stream::Card(card.id), Stream::CardActivities(card.id)];
    let shell = shell::following(app, viewer, &mut *connection, &cursor, &streams).await?;
    let present = Stream::Card(card.id);
    let shell = shell::with_present(app, viewer, &mut *connection, shell, present).await?;
    let thing = Trackable { kind: TrackableType::Card, id: card.id.uuid() };
    let seen = receipts::seen(&mut *connection, actor, board.id, thing).await?;
    let shown = views::cards::CardPage {
        seen: seen.as_ref(),
        columns: &columns::of_board(&mut *connection, account, board.id).await?,
        marks: &cards::marks(connection, account, card.id).await?,
        candidates: &cards::candidates(&mut *connection, account, board.id).await?,
        tags: &tags::of_board(&mut *connection, account, board.id).await?,
        comments: &comments::of_card(&mut *connection, account, card.id).await?,
        feed: &feed::of_card(&app.log, connection, actor, number, None).await?,
        card: &card,
        board: &board,
        form,
    };
    Ok(views::cards::show(&shell, &shown))
}

async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let card = cards::find(app.pool(), &viewer.actor, number).await?;
    Ok(respond::page(views::cards::edit(&shell, &card, &views::cards::filled(&card))))
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    let edited = match fields.parse() {
        Ok(edit) => cards::update(&app.log, &viewer.actor, number, edit).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(card) => Ok(see_other(&path(&viewer, card.number))),
        Err(error) => again(&app, &viewer, number, &fields, error).await,
    }
}

/// The form again: with its wrong fields marked, or with the other's text beside one's own.
async fn again(
    app: &App,
    viewer: &Viewer,
    number: i64,
    fields: &Fields,
    error: domain::Error,
) -> Result<Response> {
    let card = cards::find(app.pool(), &viewer.actor, number).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let typed = fields.typed(&card);
    if let domain::Error::Conflict { .. } = error {
        let page = views::cards::conflict(&shell, &card, &typed);
        return Ok((StatusCode::CONFLICT, respond::page(page)).into_response());
    }
    let wrong = respond::wrong_fields(error)?;
    Ok(respond::invalid(views::cards::edit(&shell, &card, &typed.refused(wrong))))
}

impl NewCard {
    fn form(&self) -> Form {
        let column = self.column_id.as_deref().unwrap_or_default();
        Form::default().with("title", self.title.as_str()).with("column_id", column)
    }
}

impl Fields {
    /// The card's own words, and over them what was typed.
    fn typed(&self, card: &Card) -> Form {
        let mut form = views::cards::filled(card);
        for (name, text) in [("title", &self.title), ("description", &self.description)] {
            if let Some(text) = text {
                form = form.with(name, text.as_str());
            }
        }
        form
    }

    fn parse(&self) -> domain::Result<Edit> {
        let title = self.title.as_deref().map(Title::parse).transpose();
        let description = self.description.as_deref().map(Description::parse).transpose();
        let version = self.version.as_deref().map(str::parse).transpose();
        Ok(Edit {
            title: title.map_err(domain::Error::in_field("title"))?,
            description: description.map_err(domain::Error::in_field("description"))?,
            version: version.map_err(|_| {
                domain::Error::invalid("version", "Reload the page: its version is missing.")
            })?,
        })
    }
}

/// Where a card's page is.
pub(super) fn path(viewer: &Viewer, number: i64) -> String {
    format!("/{}/cards/{number}", viewer.actor.account.slug)
}
