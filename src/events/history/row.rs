//! A row of the log, before its typed event stands beside it.

use time::OffsetDateTime;

use crate::events::{Header, Source};
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// A row of the log.
pub(super) struct Row {
    pub(super) sequence: i64,
    pub(super) id: EventId,
    pub(super) subject_type: String,
    pub(super) creator_id: Option<UserId>,
    pub(super) board_id: Option<BoardId>,
    pub(super) card_id: Option<CardId>,
    pub(super) cause_id: Option<EventId>,
    pub(super) undoes_id: Option<EventId>,
    pub(super) source: Source,
    pub(super) token_id: Option<TokenId>,
    pub(super) address_id: Option<AddressId>,
    pub(super) created_at: OffsetDateTime,
}

impl Row {
    /// What is known of the event, whatever its kind.
    pub(super) fn header(self, account_id: AccountId) -> Header {
        Header {
            account_id,
            id: self.id,
            creator_id: self.creator_id,
            board_id: self.board_id,
            card_id: self.card_id,
            cause_id: self.cause_id,
            undoes_id: self.undoes_id,
            source: self.source,
            token_id: self.token_id,
            address_id: self.address_id,
            created_at: self.created_at,
        }
    }
}
