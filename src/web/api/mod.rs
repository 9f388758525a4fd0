//! JSON for programs: the same nouns as the pages, asked for with a bearer token.
//!
//! Around every route stand a check of what is behind the question mark and, for a POST, the
//! `Idempotency-Key`. What a route takes and gives stands beside it in the table, and the OpenAPI
//! document is made from that.

mod accesses;
mod activities;
mod archivals;
mod assignments;
mod board_moves;
mod boards;
mod caller;
mod cards;
mod closures;
mod columns;
mod comments;
mod deliveries;
mod erasures;
mod etags;
mod event_name;
mod idempotency;
mod invitations;
mod json;
mod members;
mod moves;
mod openapi;
mod page;
mod problem;
mod query;
mod representation;
mod restorations;
mod search;
mod settings;
mod tags;
mod tokens;
mod webhook_endpoints;
mod webhook_replays;
mod webhook_trials;

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, on};

pub(super) use self::representation::{ActivityJson, Person};
use super::route::{Route, Verb, Who};
use super::state::App;
use openapi::Document;

/// The routes of the API, noun by noun.
const NOUNS: &[&[Route]] = &[
    boards::ROUTES,
    accesses::ROUTES,
    archivals::ROUTES,
    columns::ROUTES,
    cards::ROUTES,
    moves::ROUTES,
    board_moves::ROUTES,
    closures::ROUTES,
    assignments::ROUTES,
    tags::ROUTES,
    comments::ROUTES,
    activities::ROUTES,
    restorations::ROUTES,
    members::ROUTES,
    erasures::ROUTES,
    invitations::ROUTES,
    tokens::ROUTES,
    settings::ROUTES,
    webhook_endpoints::ROUTES,
    webhook_replays::ROUTES,
    deliveries::ROUTES,
    webhook_trials::ROUTES,
    search::ROUTES,
    DOCUMENT,
];

const DOCUMENT: &[Route] =
    &[Route::api(Verb::Get, "/api/v1/openapi.json", &[], Who::Public, |method| {
        on(method, document)
    })
    .named("get_openapi_document", "The OpenAPI document of all this")
    .gives::<serde_json::Value>()
    .tagged()];

/// The routes of the API, noun by noun.
pub fn table() -> impl Iterator<Item = &'static Route> {
    NOUNS.iter().copied().flatten()
}

/// A route's handler with what stands around every handler of the API.
pub(super) fn around(route: &'static Route, handler: MethodRouter<App>) -> MethodRouter<App> {
    let handler = match route.verb {
        Verb::Post => handler.route_layer(from_fn_with_state(route.limit, idempotency::once)),
        _ => handler,
    };
    handler.route_layer(from_fn_with_state(route.operation.query, query::check))
}

async fn document(headers: HeaderMap) -> Response {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::of(table()));
    DOCUMENT.answer(&headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_two_types_share_a_name_in_the_document() {
        let mut seen = HashMap::new();
        for (name, schema) in table().flat_map(|route| openapi::schemas(&route.operation)) {
            let earlier = seen.entry(name.clone()).or_insert_with(|| schema.clone());
            assert!(*earlier == schema, "two types are called {name}");
        }
        assert!(seen.contains_key("Card"), "{:?}", seen.keys());
    }
}
