//! A new column on a board.

use axum::extract::State;
use axum::routing::on;

use super::boards;
use crate::domain::{self, columns};
use crate::values::Name;
use crate::values::id::BoardId;
use crate::views::Form;
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::Result;
use crate::web::route::Names::{Account, Board};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[Route::page(
    Verb::Post,
    "/{account}/boards/{board}/columns",
    &[Account, Board],
    Who::Member,
    |method| on(method, create),
)];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, board)): Path<(String, BoardId)>,
    extract::Form(Fields { name }): extract::Form<Fields>,
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
