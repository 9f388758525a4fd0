//! The page of a board as it was.

use axum::response::Response;

use super::shell;
use crate::domain::boards;
use crate::values::id::BoardId;
use crate::views::{self, Form};
use crate::web::respond::{self, Result};
use crate::web::state::App;
use crate::web::viewer::Viewer;

/// A board as it was at the point that somebody names; if there is none such, what is wrong beside the
/// field, and the board at the nearest one.
pub(super) async fn show(app: &App, viewer: &Viewer, board: BoardId, at: &str) -> Result<Response> {
    let (mut connection, actor) = (app.connection().await?, &viewer.actor);
    let point = boards::point(&mut connection, actor, board, at).await?;
    let refused = point.refused.clone();
    let past = boards::as_it_was(&app.log, &mut connection, actor, board, point).await?;
    drop(connection);
    // The past does not change: a page of it follows no stream, and stepping opens none.
    let shell = views::Page { streams: Vec::new(), ..shell::of_viewer(app, viewer).await? };
    let Some(refused) = refused else {
        return Ok(respond::page(views::boards::past::show(&shell, &past, &Form::default())));
    };
    let form = Form::default().with("at", at).refused(vec![refused]);
    Ok(respond::invalid(views::boards::past::show(&shell, &past, &form)))
}
