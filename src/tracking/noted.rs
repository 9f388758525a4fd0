//! That somebody has seen a board or a card, for pages that show who has.
//!
//! The writer says it in its own process once the report is committed, where it costs nothing; who of
//! the other processes is to know, whoever listens there decides.

use std::fmt;
use std::str::FromStr;

use sqlx::PgPool;
use tokio::sync::broadcast::{self, Receiver, Sender};

use super::trackable::{Trackable, TrackableType};
use crate::db::notify;
use crate::domain::Actor;
use crate::values::id::{AccountId, BoardId, CardId};
use crate::values::{Invalid, Tracked};

/// How many words somebody who listens may be behind.
const BEHIND: usize = 1024;

/// So many go into one hint: Postgres takes less than 8,000 bytes.
const AT_ONCE: usize = 64;

/// Somebody has seen something. Sent on [`notify::RECEIPTS`] as `<account>/<board or card>/<id>`, a line
/// each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Noted {
    /// The account.
    pub account_id: AccountId,
    /// What was seen.
    pub thing: Thing,
}

/// What it is shown of who has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are called what they are")]
pub enum Thing {
    Board(BoardId),
    Card(CardId),
}

/// What is seen in this process. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Notes(Sender<Noted>);

impl Default for Notes {
    fn default() -> Self {
        Self(broadcast::channel(BEHIND).0)
    }
}

impl Notes {
    /// Says one.
    pub(super) fn say(&self, noted: Noted) {
        // Nobody listens where nobody serves.
        let _ = self.0.send(noted);
    }

    /// Those from now on.
    pub(super) fn listen(&self) -> Receiver<Noted> {
        self.0.subscribe()
    }
}

impl Noted {
    /// That somebody has seen a trackable, if others are shown that.
    pub(super) fn by(actor: &Actor, trackable: Trackable) -> Option<Self> {
        let is_shown = actor.account.shows_receipts && actor.tracked == Tracked::Shown;
        let thing = match trackable.kind {
            TrackableType::Board => Thing::Board(trackable.id.into()),
            TrackableType::Card => Thing::Card(trackable.id.into()),
            TrackableType::Comment | TrackableType::WebhookEndpoint => return None,
        };
        is_shown.then_some(Self { account_id: actor.account.id, thing })
    }

    /// Hints some to all processes, outside of any transaction.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hint(some: &[Self], pool: &PgPool) -> sqlx::Result<()> {
        for some in some.chunks(AT_ONCE) {
            let lines: String = some.iter().map(|noted| format!("{noted}\n")).collect();
            notify::hint(pool, notify::RECEIPTS, &lines).await?;
        }
        Ok(())
    }
}

impl Thing {
    /// What a trackable’s type and id name.
    ///
    /// # Errors
    /// [`Invalid`] for anything but a board or a card.
    pub fn parse(kind: &str, id: &str) -> Result<Self, Invalid> {
        match kind {
            "Board" => Ok(Self::Board(id.parse()?)),
            "Card" => Ok(Self::Card(id.parse()?)),
            _ => Err(Invalid::because("This takes a Board or a Card.")),
        }
    }
}

impl From<Thing> for Trackable {
    fn from(thing: Thing) -> Self {
        match thing {
            Thing::Board(id) => Self { kind: TrackableType::Board, id: id.uuid() },
            Thing::Card(id) => Self { kind: TrackableType::Card, id: id.uuid() },
        }
    }
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.thing {
            Thing::Board(id) => write!(f, "{}/board/{id}", self.account_id),
            Thing::Card(id) => write!(f, "{}/card/{id}", self.account_id),
        }
    }
}

impl FromStr for Noted {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<&str> = text.split('/').collect();
        let (account, thing) = match parts.as_slice() {
            [account, "board", id] => (account, Thing::Board(id.parse()?)),
            [account, "card", id] => (account, Thing::Card(id.parse()?)),
            _ => return Err(Invalid::because("This names no board or card.")),
        };
        Ok(Self { account_id: account.parse()?, thing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_reads_back_as_it_was_written_and_fits_into_a_hint() {
        for thing in [Thing::Board(BoardId::new()), Thing::Card(CardId::new())] {
            let noted = Noted { account_id: AccountId::new(), thing };
            assert_eq!(noted.to_string().parse(), Ok(noted));
            assert!((noted.to_string().len() + 1) * AT_ONCE < 8_000);
        }
        for text in ["", "a/b", "a/board/b", "0/comment/1"] {
            assert!(text.parse::<Noted>().is_err(), "{text:?} was taken");
        }
    }
}
