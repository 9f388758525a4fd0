//! Replaying the log gives the present state: every board with its cards, what is said about each card,
//! who is in the account, and whose programs may come in, beside what the tables say.
//!
//! The cast: a fold says what events come to ([`BoardAsItWas`](crate::events::BoardAsItWas),
//! [`Story`](crate::events::Story), [`AccountAsItWas`](crate::events::AccountAsItWas)); what the tables say is
//! read into the same shapes; a [`Difference`] is the first thing in which the two part.

mod account;
mod boards;
mod cards;
mod difference;
mod stored_board;

use sqlx::PgPool;

pub use self::boards::difference as difference_of_board;
pub use self::difference::Difference;
pub use self::stored_board::stored_board;
use super::Result;
use crate::events::{Log, history};
use crate::values::id::AccountId;

/// What a replay of an account's log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Up to which number of the log.
    pub sequence: i64,
    /// How many boards were rebuilt.
    pub boards: usize,
    /// How many cards were told anew.
    pub cards: usize,
    /// The first thing that is otherwise than the log says: of the account, of its boards, and of what is
    /// said about its cards.
    pub differences: Vec<Difference>,
}

/// Replays an account's log and compares what it comes to with the tables, and with the checkpoints on the
/// way. All is read as it is at one moment, whatever happens meanwhile. A text that was erased from the log
/// may have been anything.
///
/// # Errors
/// A database that fails.
pub async fn replay(pool: &PgPool, account: AccountId) -> Result<Replayed> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *transaction)
        .await?;
    // What a process remembers is not what the tables say.
    let log = Log::new(pool.clone(), Vec::new());
    let head = history::head(&mut *transaction, account).await?;
    let itself = account::replay(&log, &mut transaction, account).await?;
    let (boards, of_boards) = boards::replay(&log, &mut transaction, account, head).await?;
    let (cards, of_cards) = cards::replay(&log, &mut transaction, account, head).await?;
    let differences = [itself, of_boards, of_cards].into_iter().flatten().collect();
    Ok(Replayed { sequence: head, boards, cards, differences })
}
