//! What an event is, and what all events of one kind share.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::sentence::Change;
use super::{AccountAsItWas, Audience, BoardAsItWas, Region, Sentence, Source, Story, Undoing};
use crate::values::Color;
use crate::values::id::{
    AccountId, AddressId, BoardId, CardId, EndpointId, EventId, TokenId, UserId,
};

/// A typed record of one thing that happened. It states; it does not render.
pub trait Event: fmt::Debug + Send + Sync {
    /// The kind it is of.
    fn kind(&self) -> &'static Kind;

    /// The board and the card it happened on, or the endpoint.
    fn place(&self) -> Place;

    /// What happened in words; the creator is put in front by whoever renders it.
    fn sentence(&self) -> Sentence;

    /// What was one value and became another, for histories; a sentence may tell it in other words.
    fn changes(&self) -> Vec<Change> {
        self.sentence().changes
    }

    /// Who is told of it.
    fn audience(&self) -> Audience {
        Audience::Nobody
    }

    /// What is out of date on a screen once it has happened.
    fn touches(&self) -> Vec<Region> {
        Vec::new()
    }

    /// Who may be let in nowhere any more once it has happened: they are asked again before they are
    /// told anything else.
    fn revokes(&self) -> Option<UserId> {
        None
    }

    /// Whose data was erased with it, and the events whose words went: what is kept of them elsewhere is
    /// to go in the same transaction.
    fn erases(&self) -> Option<(UserId, &[EventId])> {
        None
    }

    /// Its particulars as JSON, for webhooks and the API.
    fn data(&self) -> serde_json::Value;

    /// Whether it changes boards though it happened on none.
    fn reaches_boards(&self) -> bool {
        false
    }

    /// Changes a board that is rebuilt from events.
    fn apply(&self, _board: &mut BoardAsItWas) {}

    /// Changes an account that is told from events.
    fn settle(&self, _account: &mut AccountAsItWas) {}

    /// Goes on with the story of its card.
    fn tell(&self, _story: &mut Story) {}

    /// What takes it back, if something does.
    fn undoing(&self) -> Option<Undoing> {
        None
    }

    /// Writes its row in the table of its kind.
    fn insert<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        header: &'a Header,
    ) -> BoxFuture<'a, sqlx::Result<()>>;
}

/// Where an event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The board, if it happened on one.
    pub board: Option<BoardId>,
    /// The card's id and number, if it happened to one.
    pub card: Option<(CardId, i64)>,
    /// The webhook endpoint that it is about, which is not called for it.
    pub endpoint: Option<EndpointId>,
}

impl Place {
    /// On a board.
    pub fn board(board: BoardId) -> Self {
        Self { board: Some(board), ..Self::default() }
    }

    /// On a card of a board.
    pub fn card(board: BoardId, card: CardId, number: i64) -> Self {
        Self { board: Some(board), card: Some((card, number)), ..Self::default() }
    }

    /// About a webhook endpoint.
    pub fn endpoint(endpoint: EndpointId) -> Self {
        Self { endpoint: Some(endpoint), ..Self::default() }
    }
}

/// What is known of any event, whatever its kind: its activity without the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The account it happened in.
    pub account_id: AccountId,
    /// The id of the event and of its activity.
    pub id: EventId,
    /// The member who did it; none when the system did.
    pub creator_id: Option<UserId>,
    /// The board it happened on.
    pub board_id: Option<BoardId>,
    /// The card it happened to.
    pub card_id: Option<CardId>,
    /// The event that entailed it.
    pub cause_id: Option<EventId>,
    /// The event that it undid.
    pub undoes_id: Option<EventId>,
    /// By which way it came.
    pub source: Source,
    /// The token that was shown.
    pub token_id: Option<TokenId>,
    /// The erasable row of the address it came from.
    pub address_id: Option<AddressId>,
    /// When it was recorded.
    pub created_at: OffsetDateTime,
}

/// Where events of a kind are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shows {
    /// In the activity feeds.
    pub feed: bool,
    /// In the audit history.
    pub audit: bool,
    /// To webhook endpoints.
    pub webhooks: bool,
    /// To admins alone, wherever it is.
    pub admins_only: bool,
}

impl Shows {
    /// Everywhere.
    pub const EVERYWHERE: Self =
        Self { feed: true, audit: true, webhooks: true, admins_only: false };
    /// Everywhere but in the feeds.
    pub const NOT_IN_FEED: Self = Self { feed: false, ..Self::EVERYWHERE };
    /// To admins, and to the endpoints that they added.
    pub const TO_ADMINS: Self = Self { admins_only: true, ..Self::NOT_IN_FEED };
    /// Nowhere but in the audit history.
    pub const AUDIT_ONLY: Self = Self { webhooks: false, ..Self::TO_ADMINS };
}

/// Typed events by their ids, as they were loaded.
pub type Loaded = Vec<(EventId, Arc<dyn Event>)>;

/// Loads the typed events with these ids from the table of their kind, in any order.
pub type Load = for<'a> fn(
    &'a mut PgConnection,
    AccountId,
    &'a [EventId],
) -> BoxFuture<'a, sqlx::Result<Loaded>>;

/// What all events of one kind share. Everything that speaks of kinds (feed, filters, webhook
/// settings, documentation) walks [`super::KINDS`] and reads it here.
#[derive(Debug)]
pub struct Kind {
    /// The name of its file and of its table, such as `card_moved`.
    pub name: &'static str,
    /// What it is called in settings and filters.
    pub label: &'static str,
    /// A Lucide icon.
    pub icon: &'static str,
    /// The colour of its pebble in the feed.
    pub color: Color,
    /// Where it is shown.
    pub shows: Shows,
    /// Whether several in a row, by one person on one card, may be told in one line that opens.
    pub folds: bool,
    /// Whether a verb records it; one that is new may wait for its verb, but not in a release.
    pub recorded: bool,
    /// Loads its events.
    pub load: Load,
    /// An example, for documentation and for the test of its payload.
    pub example: fn() -> Arc<dyn Event>,
    /// The JSON Schema of its particulars; its description says when it happens.
    pub schema: fn() -> serde_json::Value,
}

impl Kind {
    /// The name on the wire: the first word is the noun, `card.moved`.
    pub fn wire_name(&self) -> String {
        self.name.replacen('_', ".", 1)
    }

    /// Whether a name asks for it: `card.moved`, `card.*` or `*`.
    pub fn matches(&self, name: &str) -> bool {
        match name.strip_suffix(".*") {
            Some(noun) => self.noun() == noun,
            None => name == "*" || name == self.wire_name(),
        }
    }

    /// What it is about: the first word of its name, `card`.
    pub fn noun(&self) -> &'static str {
        self.name.split('_').next().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_asks_for_its_own_kinds_only() {
        let kind = Kind::by_wire_name("card.moved").expect("a kind");
        assert!(kind.matches("card.*") && kind.matches("*") && kind.matches("card.moved"));
        assert!(!kind.matches("comment.*") && !kind.matches("card.added"));
    }
}
