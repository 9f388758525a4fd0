//! Columns: a new one, and changing, moving and removing one.

use axum::extract::State;
use axum::response::Response;
use axum::routing::on;

use super::{boards, cards, shell};
use crate::domain;
use crate::domain::columns::{self, Edit};
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Color, Name};
use crate::views::columns::edit;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account, Board, Column};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const COLUMNS: &str = "/{account}/boards/{board}/columns";
const COLUMN: &str = "/{account}/boards/{board}/columns/{column}";
const EDIT: &str = "/{account}/boards/{board}/columns/{column}/edit";
const MOVES: &str = "/{account}/boards/{board}/columns/{column}/moves";

const NAMES: &[Names] = &[Account, Board, Column];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Post, COLUMNS, &[Account, Board], Who::Member, |method| on(method, create)),
    Route::page(Verb::Get, EDIT, NAMES, Who::Member, |method| on(method, edit)),
    Route::page(Verb::Patch, COLUMN, NAMES, Who::Member, |method| on(method, update)),
    Route::page(Verb::Post, MOVES, NAMES, Who::Member, |method| on(method, relocate)),
    Route::page(Verb::Delete, COLUMN, NAMES, Who::Member, |method| on(method, destroy)),
];

/// Which column of which board of which account.
type Ids = Path<(String, BoardId, ColumnId)>;

#[derive(serde::Deserialize)]
struct New {
    #[serde(default)]
    name: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    extract::Form(New { name }): extract::Form<New>,
) -> Result {
    let added = match Name::parse(&name).map_err(domain::Error::in_field("name")) {
        Ok(name) => columns::add(&app.log, &viewer.actor, board, name).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(see_other(&boards::path(&viewer, board))),
        Err(error) => {
            boards::again(&app, &viewer, board, Form::default().with("name", name), error).await
        }
    }
}

async fn edit(State(app): State<App>, viewer: Viewer, Path((_, board, column)): Ids) -> Result {
    Ok(respond::page(page(&app, &viewer, board, column, None).await?))
}

/// The page that changes a column; filled with what was typed, or with what the column is.
async fn page(
    app: &App,
    viewer: &Viewer,
    board: BoardId,
    column: ColumnId,
    typed: Option<Form>,
) -> Result<maud::Markup> {
    let (pool, account) = (app.pool(), viewer.actor.account.id);
    let (board, column) = columns::find(pool, &viewer.actor, board, column).await?;
    board.may_change()?;
    let columns = columns::of_board(pool, account, board.id).await?;
    let cards = columns::count_cards(pool, account, column.id).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let (board, columns, column) = (&board, &columns, &column);
    let filled = edit::filled(column);
    let form = typed.as_ref().unwrap_or(&filled);
    Ok(edit::show(&shell, &edit::Settings { board, columns, column, cards, form }))
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    viewer: &Viewer,
    (board, column): (BoardId, ColumnId),
    typed: Option<Form>,
    error: domain::Error,
) -> Result<Response> {
    let wrong = respond::wrong_fields(error)?;
    let form = match typed {
        Some(form) => form,
        None => {
            let (_, column) = columns::find(app.pool(), &viewer.actor, board, column).await?;
            edit::filled(&column)
        }
    };
    let form = form.refused(wrong);
    Ok(respond::invalid(page(app, viewer, board, column, Some(form)).await?))
}

#[derive(serde::Deserialize)]
struct Changes {
    name: Option<String>,
    color: Option<String>,
}

impl Changes {
    fn parse(&self) -> domain::Result<Edit> {
        let name = self.name.as_deref().map(Name::parse).transpose();
        let color = self.color.as_deref().map(Color::parse).transpose();
        Ok(Edit {
            name: name.map_err(domain::Error::in_field("name"))?,
            color: color.map_err(domain::Error::in_field("color"))?,
        })
    }
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board, column)): Ids,
    extract::Form(changes): extract::Form<Changes>,
) -> Result {
    let updated = match changes.parse() {
        Ok(edit) => columns::update(&app.log, &viewer.actor, board, column, edit).await,
        Err(error) => Err(error),
    };
    match updated {
        Ok(_) => Ok(see_other(&boards::path(&viewer, board))),
        Err(error) => {
            let typed = Form::default()
                .with("name", changes.name.unwrap_or_default())
                .with("color", changes.color.unwrap_or_default());
            again(&app, &viewer, (board, column), Some(typed), error).await
        }
    }
}

#[derive(serde::Deserialize)]
struct Place {
    position: Option<String>,
}

async fn relocate(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board, column)): Ids,
    extract::Form(Place { position }): extract::Form<Place>,
) -> Result {
    let position = cards::position(position.as_deref())?;
    columns::relocate(&app.log, &viewer.actor, board, column, position).await?;
    let slug = &viewer.actor.account.slug;
    Ok(see_other(&format!("{}/edit", views::paths::column(slug, board, column))))
}

#[derive(serde::Deserialize)]
struct Removal {
    to_column_id: Option<String>,
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board, column)): Ids,
    extract::Form(Removal { to_column_id }): extract::Form<Removal>,
) -> Result {
    let removed = match taker(to_column_id.as_deref()) {
        Ok(to) => columns::remove(&app.log, &viewer.actor, board, column, to).await,
        Err(error) => Err(error),
    };
    match removed {
        Ok(()) => Ok(see_other(&boards::path(&viewer, board))),
        Err(error) => again(&app, &viewer, (board, column), None, error).await,
    }
}

/// The column that is to take the cards, if one was chosen.
fn taker(id: Option<&str>) -> domain::Result<Option<ColumnId>> {
    let id = id.filter(|id| !id.is_empty()).map(str::parse).transpose();
    id.map_err(|_| domain::Error::invalid("to_column_id", "Choose another column of this board."))
}
