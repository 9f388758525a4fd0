//! The kinds of events: one file each, and one line each in the list below.
//!
//! A new kind is a file here, its `pub mod` line, its place in [`KINDS`] and a migration that
//! makes its table. Nothing else names it: feeds, filters, webhooks, live pages and documentation
//! walk the list.

use super::Kind;

pub mod account_created;
pub mod account_renamed;
pub mod account_time_zone_changed;
pub mod account_tracking_changed;
pub mod board_access_granted;
pub mod board_access_revoked;
pub mod board_archived;
pub mod board_created;
pub mod board_renamed;
pub mod board_restored;
pub mod card_added;
pub mod card_assigned;
pub mod card_closed;
pub mod card_deleted;
pub mod card_moved;
pub mod card_moved_from_board;
pub mod card_moved_to_board;
pub mod card_reopened;
pub mod card_reordered;
pub mod card_restored;
pub mod card_tagged;
pub mod card_unassigned;
pub mod card_untagged;
pub mod card_updated;
pub mod column_added;
pub mod column_moved;
pub mod column_removed;
pub mod column_renamed;
pub mod comment_added;
pub mod comment_deleted;
pub mod comment_edited;
pub mod comment_restored;
pub mod invitation_revoked;
pub mod member_erased;
pub mod member_invited;
pub mod member_joined;
pub mod member_removed;
pub mod member_role_changed;
pub mod member_updated;
pub mod session_refused;
pub mod session_started;
pub mod token_created;
pub mod token_revoked;
pub mod webhook_delivery_resent;
pub mod webhook_endpoint_added;
pub mod webhook_endpoint_changed;
pub mod webhook_endpoint_disabled;
pub mod webhook_endpoint_enabled;
pub mod webhook_endpoint_failing;
pub mod webhook_endpoint_removed;
pub mod webhook_replay_canceled;
pub mod webhook_replay_started;
pub mod webhook_secret_rotated;

/// Every kind there is.
pub const KINDS: &[&Kind] = &[
    &account_created::KIND,
    &account_renamed::KIND,
    &account_time_zone_changed::KIND,
    &account_tracking_changed::KIND,
    &board_access_granted::KIND,
    &board_access_revoked::KIND,
    &board_archived::KIND,
    &board_created::KIND,
    &board_renamed::KIND,
    &board_restored::KIND,
    &card_added::KIND,
    &card_assigned::KIND,
    &card_closed::KIND,
    &card_deleted::KIND,
    &card_moved::KIND,
    &card_moved_from_board::KIND,
    &card_moved_to_board::KIND,
    &card_reopened::KIND,
    &card_reordered::KIND,
    &card_restored::KIND,
    &card_tagged::KIND,
    &card_unassigned::KIND,
    &card_untagged::KIND,
    &card_updated::KIND,
    &column_added::KIND,
    &column_moved::KIND,
    &column_removed::KIND,
    &column_renamed::KIND,
    &comment_added::KIND,
    &comment_deleted::KIND,
    &comment_edited::KIND,
    &comment_restored::KIND,
    &invitation_revoked::KIND,
    &member_erased::KIND,
    &member_invited::KIND,
    &member_joined::KIND,
    &member_removed::KIND,
    &member_role_changed::KIND,
    &member_updated::KIND,
    &session_refused::KIND,
    &session_started::KIND,
    &token_created::KIND,
    &token_revoked::KIND,
    &webhook_delivery_resent::KIND,
    &webhook_endpoint_added::KIND,
    &webhook_endpoint_changed::KIND,
    &webhook_endpoint_disabled::KIND,
    &webhook_endpoint_enabled::KIND,
    &webhook_endpoint_failing::KIND,
    &webhook_endpoint_removed::KIND,
    &webhook_replay_canceled::KIND,
    &webhook_replay_started::KIND,
    &webhook_secret_rotated::KIND,
];

/// The kinds that webhooks carry, by the noun that their names begin with.
pub fn nouns() -> Vec<(&'static str, Vec<&'static Kind>)> {
    let mut nouns: Vec<(&str, Vec<&Kind>)> = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.shows.webhooks) {
        match nouns.iter_mut().find(|(known, _)| *known == kind.noun()) {
            Some((_, kinds)) => kinds.push(kind),
            None => nouns.push((kind.noun(), vec![kind])),
        }
    }
    nouns
}

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
