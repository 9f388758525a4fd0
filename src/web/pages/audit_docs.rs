//! `/docs/audit`: how a log is bound together, for everybody to read.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::views;
use crate::web::respond::{self, Result};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/docs/audit", &[], Who::Public, |method| on(method, show))];

async fn show(State(app): State<App>, visitor: Visitor) -> Result {
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::audit_docs::show(&shell)))
}
