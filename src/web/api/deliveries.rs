//! What was owed to a webhook endpoint.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::header::LINK;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::Deserialize;

use super::caller::Caller;
use super::problem::Result;
use crate::values::id::EndpointId;
use crate::web::extract::{Path, Query};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::webhooks::deliveries::{self, PAGE};

const DELIVERIES: &str = "/api/v1/{account}/webhook_endpoints/{endpoint}/deliveries";

pub(super) const ROUTES: &[Route] = &[Route::api(
    Verb::Get,
    DELIVERIES,
    &[Names::Account, Names::Endpoint],
    Who::Admin,
    |method| on(method, index),
)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    before: Option<i64>,
}

async fn index(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((account, endpoint)): Path<(String, EndpointId)>,
    Query(Before { before }): Query<Before>,
) -> Result {
    let deliveries = deliveries::of_endpoint(app.pool(), &actor, endpoint, before, PAGE).await?;
    let last = deliveries.last().filter(|_| deliveries.len() == PAGE).map(|it| it.number);
    let answer = Answer(deliveries).into_response();
    let path =
        DELIVERIES.replace("{account}", &account).replace("{endpoint}", &endpoint.to_string());
    Ok(match last {
        Some(last) => {
            ([(LINK, format!("<{path}?before={last}>; rel=\"next\""))], answer).into_response()
        }
        None => answer,
    })
}
