//! What was owed to a webhook endpoint, and each try at it.

use axum::extract::State;
use axum::routing::on;

use super::caller::Caller;
use super::page::{self, LIMIT};
use super::problem::Result;
use super::query::Query;
use crate::values::id::{DeliveryId, EndpointId};
use crate::web::extract::Path;
use crate::web::operation::Parameter;
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::attempts::{self, Attempt};
use crate::webhooks::deliveries::{self, Delivery};

const DELIVERIES: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries";
const ATTEMPTS: &str =
    "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries/{delivery}/attempts";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const BEFORE: Parameter = Parameter::of::<i64>(
    "before",
    "Only those with a lower number.",
    "the number of a delivery, a whole number",
);

const NAMES_OF_DELIVERY: &[Names] = &[Names::Account, Names::Endpoint, Names::Delivery];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, DELIVERIES, NAMES, Who::Admin, |method| on(method, index))
        .named("list_deliveries", "What was owed to a webhook endpoint, the newest first")
        .asked(&[BEFORE, LIMIT])
        .gives_page::<Delivery>(),
    Route::api(Verb::Get, ATTEMPTS, NAMES_OF_DELIVERY, Who::Admin, |method| on(method, tries))
        .named("list_attempts", "The tries at a delivery, the first one first")
        .gives_page::<Attempt>(),
];

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

/// A delivery is tried some thirty times at most, so they are one page.
async fn tries(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((_, endpoint, delivery)): Path<(String, EndpointId, DeliveryId)>,
) -> Result {
    let found = attempts::of_delivery(app.pool(), &actor, endpoint, delivery).await?;
    Ok(page::linked(&found, None))
}
