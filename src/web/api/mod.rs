//! JSON for programs: the same nouns as the pages, asked for with a bearer token.

mod activities;
mod boards;
mod caller;
mod cards;
mod columns;
mod comments;
mod deliveries;
mod json;
mod moves;
mod problem;
mod representation;
mod webhook_endpoints;

use super::route::Route;

/// The routes of the API, noun by noun.
pub fn table() -> [&'static [Route]; 8] {
    [
        boards::ROUTES,
        columns::ROUTES,
        cards::ROUTES,
        moves::ROUTES,
        comments::ROUTES,
        activities::ROUTES,
        webhook_endpoints::ROUTES,
        deliveries::ROUTES,
    ]
}
