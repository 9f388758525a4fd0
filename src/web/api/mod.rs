//! JSON for programs: the same nouns as the pages, asked for with a bearer token.

mod activities;
mod boards;
mod caller;
mod cards;
mod columns;
mod comments;
mod json;
mod moves;
mod problem;
mod representation;

use super::route::Route;

/// The routes of the API, noun by noun.
pub fn table() -> [&'static [Route]; 6] {
    [
        boards::ROUTES,
        columns::ROUTES,
        cards::ROUTES,
        moves::ROUTES,
        comments::ROUTES,
        activities::ROUTES,
    ]
}
