//! Boards: all of an account's, one with its cards, a new one, and the settings of one.

use axum::extract::State;
use axum::response::Response;
use axum::routing::on;

use super::{past, shell};
use crate::domain::{self, boards, feed, users};
use crate::live::Stream;
use crate::tracking::{Trackable, TrackableType, receipts};
use crate::values::id::BoardId;
use crate::values::{BoardAccess, Name};
use crate::views::boards::edit;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const BOARD: &str = "/{account}/boards/{board}";
const NAMES: &[Names] = &[Account, Board];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}", &[Account], Who::Member, |method| on(method, index)),
    Route::page(Verb::Get, "/{account}/boards/new", &[Account], Who::Member, |method| {
        on(method, new)
    }),
    Route::page(Verb::Post, "/{account}/boards", &[Account], Who::Member, |method| {
        on(method, create)
    }),
    Route::page(Verb::Get, BOARD, NAMES, Who::Member, |method| on(method, show)),
    Route::page(Verb::Get, "/{account}/boards/{board}/edit", NAMES, Who::Member, |method| {
        on(method, edit)
    }),
    Route::page(Verb::Patch, BOARD, NAMES, Who::Member, |method| on(method, update)),
];

#[derive(serde::Deserialize)]
struct New {
    #[serde(default)]
    name: String,
    access: Option<String>,
}

impl New {
    fn form(&self) -> Form {
        let form = Form::default().with("name", self.name.as_str());
        match &self.access {
            Some(access) => form.with("access", access.as_str()),
            None => form,
        }
    }
}

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    let shell = views::Page {
        receipts: receipts::own_of_boards(app.pool(), &viewer.actor).await?,
        ..shell::of_viewer(&app, &viewer).await?
    };
    let boards = boards::all(app.pool(), &viewer.actor).await?;
    Ok(respond::page(views::boards::index(&shell, &boards)))
}

async fn new(State(app): State<App>, viewer: Viewer) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::boards::new(&shell, &Form::default())))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(new): extract::Form<New>,
) -> Result {
    match make(&app, &viewer, &new).await {
        Ok(board) => Ok(see_other(&path(&viewer, board.id))),
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let shell = shell::of_viewer(&app, &viewer).await?;
            Ok(respond::invalid(views::boards::new(&shell, &new.form().refused(wrong))))
        }
    }
}

async fn make(app: &App, viewer: &Viewer, new: &New) -> domain::Result<boards::Board> {
    let name = Name::parse(&new.name).map_err(domain::Error::in_field("name"))?;
    let access = new.access.as_deref().map(BoardAccess::parse).transpose();
    let access = access.map_err(domain::Error::in_field("access"))?.unwrap_or_default();
    boards::create(&app.log, &viewer.actor, name, access).await
}

/// What stands behind the question mark of a board.
#[derive(serde::Deserialize)]
struct Asked {
    /// The point of the past at which it is asked for.
    at: Option<String>,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    Query(Asked { at }): Query<Asked>,
) -> Result {
    if let Some(at) = at {
        return past::show(&app, &viewer, board, &at).await;
    }
    Ok(respond::page(page(&app, &viewer, board, &Form::default()).await?))
}

/// The board's page with what was typed into one of its forms, and what is wrong with it.
pub(super) async fn again(
    app: &App,
    viewer: &Viewer,
    board: BoardId,
    typed: Form,
    error: domain::Error,
) -> Result<Response> {
    let wrong = respond::wrong_fields(error)?;
    if wrong.iter().any(|wrong| wrong.field == "column_id") {
        // No form on the page shows a column that the board does not have.
        return Err(domain::Error::Invalid(wrong).into());
    }
    let form = typed.refused(wrong);
    Ok(respond::invalid(page(app, viewer, board, &form).await?))
}

async fn page(app: &App, viewer: &Viewer, board: BoardId, form: &Form) -> Result<maud::Markup> {
    let (mut connection, actor) = (app.connection().await?, &viewer.actor);
    let cursor = app.hub.cursor(&mut *connection, actor).await?;
    let view = boards::view(&mut connection, actor, board).await?;
    let feed = feed::of_board(&app.log, &mut connection, actor, board).await?;
    let streams = [Stream::Board(board), Stream::BoardActivities(board)];
    let shell = shell::following(app, viewer, &mut *connection, &cursor, &streams).await?;
    let present = Stream::Board(board);
    let shell = shell::with_present(app, viewer, &mut *connection, shell, present).await?;
    let shell = views::Page {
        receipts: receipts::own_on_board(&mut *connection, actor, board).await?,
        ..shell
    };
    let thing = Trackable { kind: TrackableType::Board, id: board.uuid() };
    let seen = receipts::seen(&mut connection, actor, board, thing).await?;
    Ok(views::boards::show(&shell, &view, &feed, seen.as_ref(), form))
}

async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
    let board = boards::find(app.pool(), &viewer.actor, board).await?;
    let form = edit::filled(&board);
    Ok(respond::page(settings(&app, &viewer, &board, &form).await?))
}

#[derive(serde::Deserialize)]
struct Changes {
    #[serde(default)]
    name: String,
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    extract::Form(Changes { name }): extract::Form<Changes>,
) -> Result {
    let renamed = match Name::parse(&name).map_err(domain::Error::in_field("name")) {
        Ok(name) => boards::rename(&app.log, &viewer.actor, board, name).await,
        Err(error) => Err(error),
    };
    match renamed {
        Ok(board) => Ok(see_other(&path(&viewer, board.id))),
        Err(error) => {
            let typed = Form::default().with("name", name);
            settings_again(&app, &viewer, board, typed, error).await
        }
    }
}

/// The settings with what was typed into one of their forms, and what is wrong with it.
pub(super) async fn settings_again(
    app: &App,
    viewer: &Viewer,
    board: BoardId,
    typed: Form,
    error: domain::Error,
) -> Result<Response> {
    let wrong = respond::wrong_fields(error)?;
    let board = boards::find(app.pool(), &viewer.actor, board).await?;
    board.may_be_managed_by(&viewer.actor)?;
    let form = match typed.value("name") {
        "" if wrong.iter().all(|wrong| wrong.field != "name") => edit::filled(&board),
        _ => typed,
    };
    Ok(respond::invalid(settings(app, viewer, &board, &form.refused(wrong)).await?))
}

async fn settings(
    app: &App,
    viewer: &Viewer,
    board: &boards::Board,
    form: &Form,
) -> Result<maud::Markup> {
    let actor = &viewer.actor;
    let chosen = boards::chosen(app.pool(), actor.account.id, board.id).await?;
    let members = users::all(app.pool(), actor).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let (chosen, members) = (&chosen, &members);
    Ok(edit::show(&shell, &edit::Settings { board, chosen, members, form }))
}

/// Where a board's page is.
pub(super) fn path(viewer: &Viewer, board: BoardId) -> String {
    views::paths::board(&viewer.actor.account.slug, board)
}

/// Where a board's settings are.
pub(super) fn settings_path(viewer: &Viewer, board: BoardId) -> String {
    format!("{}/edit", path(viewer, board))
}
