//! What was owed to a webhook endpoint.

use axum::extract::State;
use axum::routing::on;

use super::caller::Caller;
use super::page::{self, LIMIT};
use super::problem::Result;
use super::query::Query;
use crate::values::id::EndpointId;
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::deliveries::{self, Delivery};

const DELIVERIES: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const BEFORE: Parameter = Parameter::of::<i64>(
    "before",
    "Only those with a lower number.",
    "the number of a delivery, a whole number",
);

pub(super) const ROUTES: &[Route] =
    &[Route::api(Verb::Get, DELIVERIES, NAMES, Who::Admin, |method| on(method, index))
        .named("list_deliveries", "What was owed to a webhook endpoint, the newest first")
        .asked(&[BEFORE, LIMIT])
        .gives_page::<Delivery>()];

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint)): Path<(String, EndpointId)>,
    query: Query,
) -> Result {
    let (before, limit) = (query.one(&BEFORE)?, page::limit(&query)?);
    let found =
        deliveries::of_endpoint(app.pool(), &actor, endpoint, before, usize::from(limit)).await?;
    let last = found.last().filter(|_| found.len() == usize::from(limit));
    let next = last.map(|last| query.from(&BEFORE, last.number));
    Ok(page::linked(&found, next))
}
