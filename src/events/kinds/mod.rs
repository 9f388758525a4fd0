//! The kinds of events: one file each, and one line each in the list below.
//!
//! A new kind is a file here, its `pub mod` line, its place in [`KINDS`] and a migration that
//! makes its table. Nothing else names it: feeds, filters, webhooks, live pages and documentation
//! walk the list.

use super::Kind;

pub mod account_created;
pub mod board_created;
pub mod card_added;
pub mod card_moved;
pub mod card_reordered;
pub mod card_updated;
pub mod column_added;
pub mod comment_added;
pub mod member_invited;
pub mod member_joined;
pub mod webhook_endpoint_added;
pub mod webhook_endpoint_changed;
pub mod webhook_endpoint_disabled;
pub mod webhook_endpoint_enabled;
pub mod webhook_endpoint_failing;
pub mod webhook_endpoint_removed;
pub mod webhook_secret_rotated;

/// Every kind there is.
pub const KINDS: &[&Kind] = &[
    &account_created::KIND,
    &board_created::KIND,
    &card_added::KIND,
    &card_moved::KIND,
    &card_reordered::KIND,
    &card_updated::KIND,
    &column_added::KIND,
    &comment_added::KIND,
    &member_invited::KIND,
    &member_joined::KIND,
    &webhook_endpoint_added::KIND,
    &webhook_endpoint_changed::KIND,
    &webhook_endpoint_disabled::KIND,
    &webhook_endpoint_enabled::KIND,
    &webhook_endpoint_failing::KIND,
    &webhook_endpoint_removed::KIND,
    &webhook_secret_rotated::KIND,
];

/// A release knows no kind that nothing records.
#[cfg(not(debug_assertions))]
const _: () = {
    let mut at = 0;
    while at < KINDS.len() {
        assert!(KINDS[at].recorded, "a kind waits for its verb: see `recorded` in its file");
        at += 1;
    }
};

impl Kind {
    /// The kind whose file has this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        KINDS.iter().copied().find(|kind| kind.name == name)
    }

    /// The kind with this name on the wire.
    pub fn by_wire_name(wire_name: &str) -> Option<&'static Self> {
        KINDS.iter().copied().find(|kind| kind.wire_name() == wire_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_of_its_kind_and_found_by_both_names() {
        for kind in KINDS {
            assert_eq!((kind.example)().kind().name, kind.name);
            assert_eq!(Kind::by_name(kind.name).map(|found| found.name), Some(kind.name));
            let found = Kind::by_wire_name(&kind.wire_name());
            assert_eq!(found.map(|found| found.name), Some(kind.name));
        }
    }
}
