//! HTML for browsers, one file a noun.

use super::route::Route;

/// The routes of the pages, noun by noun.
pub fn table() -> [&'static [Route]; 0] {
    []
}
