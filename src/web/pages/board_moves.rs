//! A card moved to another board.

use axum::extract::State;
use axum::routing::on;

use super::{cards, shell};
use crate::domain::cards::{find, move_to_board};
use crate::domain::{self, boards};
use crate::values::id::BoardId;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const NAMES: &[Names] = &[Names::Account, Names::Card];

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Get,
        "/{account}/cards/{number}/board_moves/new",
        NAMES,
        Who::Member,
        |method| on(method, new),
    ),
    Route::page(
        Verb::Post,
        "/{account}/cards/{number}/board_moves",
        NAMES,
        Who::Member,
        |method| on(method, create),
    ),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    board_id: String,
}

async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
) -> Result {
    Ok(respond::page(page(&app, &viewer, number, &Form::default()).await?))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    extract::Form(Fields { board_id }): extract::Form<Fields>,
) -> Result {
    let moved = match board_id.parse::<BoardId>().map_err(|_| no_board()) {
        Ok(board) => move_to_board(&app.log, &viewer.actor, number, board, None).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(card) => Ok(see_other(&cards::path(&viewer, card.number))),
        Err(error) => {
            let form = Form::default().with("board_id", board_id);
            let form = form.refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(page(&app, &viewer, number, &form).await?))
        }
    }
}

/// The refusal of what is no board's id.
fn no_board() -> domain::Error {
    domain::Error::invalid("board_id", "There is no such board.")
}

async fn page(app: &App, viewer: &Viewer, number: i64, form: &Form) -> Result<maud::Markup> {
    let card = find(app.pool(), &viewer.actor, number).await?;
    let boards = boards::all(app.pool(), &viewer.actor).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    Ok(views::board_moves::new(&shell, &card, &boards, form))
}
