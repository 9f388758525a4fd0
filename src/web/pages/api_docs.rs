//! `/docs/api`: how a program speaks with Cairn.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::views;
use crate::views::api_docs::Address;
use crate::web::api;
use crate::web::respond::{self, Result};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

pub(super) const ROUTES: &[Route] =
    &[Route::page(Verb::Get, "/docs/api", &[], Who::Public, |method| on(method, show))];

async fn show(State(app): State<App>, visitor: Visitor) -> Result {
    let shell = shell::of_visitor(&app, &visitor).await?;
    let addresses = api::table().map(|route| Address {
        method: route.verb.as_str(),
        path: route.path,
        summary: route.operation.summary,
    });
    let addresses: Vec<Address> = addresses.collect();
    Ok(respond::page(views::api_docs::show(&shell, &visitor.client.origin, &addresses)))
}
