//! Boards: all of an account's, one with its cards, and a new one.

use axum::extract::State;
use axum::response::Response;
use axum::routing::on;

use super::shell;
use crate::domain::{self, boards, feed};
use crate::live::Stream;
use crate::values::Name;
use crate::values::id::BoardId;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}", &[Account], Who::Member, |method| on(method, index)),
    Route::page(Verb::Get, "/{account}/boards/new", &[Account], Who::Member, |method| {
        on(method, new)
    }),
    Route::page(Verb::Post, "/{account}/boards", &[Account], Who::Member, |method| {
        on(method, create)
    }),
    Route::page(Verb::Get, "/{account}/boards/{board}", &[Account, Board], Who::Member, |method| {
        on(method, show)
    }),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
}

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
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
    extract::Form(Fields { name }): extract::Form<Fields>,
) -> Result {
    let made = match Name::parse(&name).map_err(domain::Error::in_field("name")) {
        Ok(name) => boards::create(&app.log, &viewer.actor, name).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(board) => Ok(see_other(&path(&viewer, board.id))),
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let shell = shell::of_viewer(&app, &viewer).await?;
            let form = Form::default().with("name", name).refused(wrong);
            Ok(respond::invalid(views::boards::new(&shell, &form)))
        }
    }
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
) -> Result {
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
    let cursor = app.hub.cursor(&viewer.actor).await?;
    let view = boards::view(app.pool(), &viewer.actor, board).await?;
    let feed = feed::of_board(&app.log, &viewer.actor, board).await?;
    let streams = [Stream::Board(board), Stream::BoardActivities(board)];
    let shell = shell::following(app, viewer, &cursor, &streams).await?;
    Ok(views::boards::show(&shell, &view, &feed, form))
}

/// Where a board's page is.
pub(super) fn path(viewer: &Viewer, board: BoardId) -> String {
    format!("/{}/boards/{board}", viewer.actor.account.slug)
}
