//! The addresses that pages link to.

use crate::values::Slug;
use crate::values::id::{BoardId, EndpointId};

/// The boards of an account, its front page.
pub fn account(slug: &Slug) -> String {
    format!("/{slug}")
}

/// A page of an account by the rest of its path, such as `activity`.
pub fn within(slug: &Slug, rest: &str) -> String {
    format!("/{slug}/{rest}")
}

/// A board.
pub fn board(slug: &Slug, id: BoardId) -> String {
    format!("/{slug}/boards/{id}")
}

/// A card.
pub fn card(slug: &Slug, number: i64) -> String {
    format!("/{slug}/cards/{number}")
}

/// An endpoint with its deliveries.
pub fn endpoint(slug: &Slug, id: EndpointId) -> String {
    format!("/{slug}/webhooks/{id}")
}
