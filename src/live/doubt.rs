//! Who may see less once something has happened, and on which streams.

use super::Stream;
use crate::events::{Activity, Region};
use crate::values::id::{BoardId, CardId, UserId};

/// Some people, on some streams, who must be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// One person, whatever they follow.
    Person(UserId),
    /// Whoever follows a board, or any card, which might stand on it.
    Board(BoardId),
    /// Whoever follows a card.
    Card(CardId),
    /// Whoever follows what only admins see.
    Admins,
}

impl Doubt {
    /// The doubts that an activity raises.
    pub(super) fn of(activity: &Activity) -> Vec<Self> {
        let event = &activity.event;
        let sight = event.touches().into_iter().filter_map(|region| match region {
            Region::Sight(Some(user)) => Some(Self::Person(user)),
            Region::Sight(None) => activity.header.board_id.map(Self::Board),
            Region::CardPage(card) => Some(Self::Card(card)),
            Region::Members => Some(Self::Admins),
            _ => None,
        });
        event.revokes().map(Self::Person).into_iter().chain(sight).collect()
    }

    /// Whether it concerns somebody who follows a stream.
    pub(super) fn concerns(self, stream: Stream, follower: UserId) -> bool {
        match (self, stream) {
            (Self::Person(user), _) => user == follower,
            (Self::Board(of), Stream::Board(id) | Stream::BoardActivities(id)) => of == id,
            (Self::Board(_), Stream::Card(_) | Stream::CardActivities(_)) => true,
            (Self::Admins, Stream::Deliveries(_)) => true,
            (Self::Card(of), Stream::Card(id) | Stream::CardActivities(id)) => of == id,
            _ => false,
        }
    }
}
