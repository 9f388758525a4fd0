//! JSON for programs: the same nouns as the pages, asked for with a bearer token.

use super::route::Route;

/// The routes of the API, noun by noun.
pub const ROUTES: &[Route] = &[];
