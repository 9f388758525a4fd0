//! What a walk through the log is narrowed to.

use ipnet::IpNet;
use time::OffsetDateTime;

use super::page::{From, Page, Scope};
use crate::events::{KINDS, Kind};
use crate::values::id::{BoardId, CardId, UserId};

/// What a walk is narrowed to; nothing named means the whole log.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// Only these kinds; none: all.
    pub kinds: Option<Vec<&'static Kind>>,
    /// Only what this member did.
    pub creator: Option<UserId>,
    /// Only what happened on this board.
    pub board: Option<BoardId>,
    /// Only what happened to this card.
    pub card: Option<CardId>,
    /// Only what was done from an address of this network.
    pub network: Option<IpNet>,
    /// Nothing of what happened on these boards.
    pub without: Vec<BoardId>,
    /// Only what was recorded from the first of these times on and before the second.
    pub within: Option<(OffsetDateTime, OffsetDateTime)>,
}

impl Narrowing {
    /// Whether an index leads from one row that is asked for to the next.
    pub(super) fn is_led(&self) -> bool {
        let ways = [
            self.kinds.is_some(),
            self.creator.is_some(),
            self.board.is_some(),
            self.card.is_some(),
        ];
        self.network.is_none() && ways.into_iter().filter(|way| *way).count() < 2
    }

    /// The page of the log that it means, as far as one scope says it.
    pub(super) fn page(&self, before: Option<i64>, limit: i64) -> Page {
        let scope = match (self.card, self.board, self.creator) {
            (Some(card), ..) => Scope::Card(card),
            (None, Some(board), _) => Scope::board(board),
            (None, None, Some(person)) => Scope::Person(person),
            (None, None, None) => Scope::Account,
        };
        Page {
            scope,
            from: before.map_or(From::Newest, From::Before),
            limit,
            kinds: self.kinds.clone().unwrap_or_else(|| KINDS.to_vec()),
            creator: self.creator,
            without: self.without.clone(),
            within: self.within,
        }
    }
}
