//! HTML for browsers, one file a noun.

use super::routes::Route;

/// The routes of the pages, noun by noun.
pub fn table() -> [&'static [Route]; 0] {
    []
}
