//! When cards last changed and by whom, where an account shows who has seen what.

use std::collections::HashMap;

use sqlx::PgExecutor;

use super::Result;
use crate::events::KINDS;
use crate::values::id::{AccountId, CardId, UserId};

/// The newest that happened to a card or on a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Its place in the log.
    pub sequence: i64,
    /// Whose doing it was; none: the system's.
    pub creator_id: Option<UserId>,
}

impl Changed {
    /// The kinds that count: those that a feed tells of.
    pub(super) fn kinds() -> Vec<&'static str> {
        KINDS.iter().filter(|kind| kind.shows.feed).map(|kind| kind.name).collect()
    }
}

/// When some cards last changed, in one query; nothing where it is not shown who has seen what.
pub(super) async fn changed_of(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    cards: &[CardId],
) -> Result<HashMap<CardId, Changed>> {
    let rows = sqlx::query!(
        r#"select card.id as "card_id!: CardId", newest.sequence,
               newest.creator_id as "creator_id: UserId"
           from unnest($2::uuid[]) as card (id) cross join lateral (
               select a.sequence, a.creator_id from activities a
               where a.account_id = $1 and a.card_id = card.id and a.subject_type = any($3)
               order by a.sequence desc limit 1) newest
           where exists (select from accounts where id = $1 and shows_receipts)"#,
        account as _,
        cards as _,
        &Changed::kinds() as _,
    )
    .fetch_all(executor)
    .await?;
    let changed = rows.into_iter().map(|row| {
        let (sequence, creator_id) = (row.sequence, row.creator_id);
        (row.card_id, Changed { sequence, creator_id })
    });
    Ok(changed.collect())
}
