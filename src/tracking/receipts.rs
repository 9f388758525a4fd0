//! Who has seen a board or a card, and up to where somebody has seen those of a board themselves.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::trackable::Trackable;
use crate::domain::users::User;
use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{Color, Role, Tracked};

/// Somebody who sees a board, and up to where of the log they had seen the thing that was asked for.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who.
    pub user: User,
    /// The newest activity there was when they last had it open; 0 if they never had.
    pub sequence: i64,
}

/// What the page of a board or a card shows of who has seen it.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Those who see the board and do not keep out of being shown, by name.
    pub readers: Vec<Reader>,
    /// Up to where the viewer had seen it before; none if they never had it open.
    pub own: Option<i64>,
}

/// Up to where somebody has seen things themselves, for the marks on what is new to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Own {
    /// Whatever has not changed since then is not new to them, though they never had it open.
    pub since: i64,
    /// The newest activity there was when they last had each open.
    pub seen: BTreeMap<String, i64>,
}

/// What a page shows of who has seen a board or a card on it; nothing where the account does not show
/// it.
///
/// # Errors
/// A database that fails.
pub async fn seen(
    connection: &mut PgConnection,
    actor: &Actor,
    board: BoardId,
    thing: Trackable,
) -> Result<Option<Seen>> {
    if !actor.account.shows_receipts {
        return Ok(None);
    }
    let readers = readers(&mut *connection, actor.account.id, board, thing).await?;
    Ok(Some(Seen { readers, own: own_of(connection, actor, thing).await? }))
}

/// Those who see a board and do not keep out of being shown, by name, each with up to where they have
/// seen the thing: the board or a card on it. Nobody where the account does not show it.
///
/// # Errors
/// A database that fails.
pub async fn readers(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    board: BoardId,
    thing: Trackable,
) -> Result<Vec<Reader>> {
    let rows = sqlx::query!(
        r#"select u.id as "id: UserId", u.name, u.role as "role: Role", u.color as "color: Color",
               coalesce(r.sequence, 0) as "sequence!"
           from accounts a
           join board_viewers v on v.account_id = a.id and v.board_id = $2
           join users u on u.account_id = $1 and u.id = v.user_id and u.tracked = 'shown'
           left join receipts r on r.account_id = $1 and r.trackable_type = $3
               and r.trackable_id = $4 and r.user_id = v.user_id
           where a.id = $1 and a.shows_receipts order by u.name, u.id"#,
        account as _,
        board as _,
        thing.kind.as_str(),
        thing.id,
    );
    let rows = rows.fetch_all(executor).await?;
    let readers = rows.into_iter().map(|row| Reader {
        user: User { id: row.id, name: row.name, role: row.role, color: row.color },
        sequence: row.sequence,
    });
    Ok(readers.collect())
}

/// Up to where somebody has seen something themselves; none if they never had it open.
async fn own_of(
    executor: impl PgExecutor<'_>,
    actor: &Actor,
    thing: Trackable,
) -> Result<Option<i64>> {
    let sequence = sqlx::query_scalar!(
        "select sequence from receipts
         where account_id = $1 and trackable_type = $3 and trackable_id = $4 and user_id = $2",
        actor.account.id as _,
        actor.user_id as _,
        thing.kind.as_str(),
        thing.id,
    );
    Ok(sequence.fetch_optional(executor).await?)
}

/// Up to where somebody has seen the cards of a board, by number; nothing where
/// that is not marked. To whoever opens the board for the
/// first time nothing on it is new.
///
/// # Errors
/// A database that fails.
pub async fn own_on_board(
    executor: impl PgExecutor<'_>,
    actor: &Actor,
    board: BoardId,
) -> Result<Option<Own>> {
    if !marks(actor) {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"select null::bigint as number, coalesce(
               (select first_sequence from receipts where account_id = $1 and trackable_type = 'Board'
                  and trackable_id = $3 and user_id = $2),
               (select sequence from account_heads where account_id = $1)) as sequence
           union all
           select c.number, r.sequence
           from cards c join receipts r on r.account_id = $1 and r.trackable_type = 'Card'
               and r.trackable_id = c.id and r.user_id = $2
           where c.account_id = $1 and c.board_id = $3"#,
        actor.account.id as _,
        actor.user_id as _,
        board as _,
    )
    .fetch_all(executor)
    .await?;
    let mut own = Own::default();
    for row in rows {
        let sequence = row.sequence.unwrap_or_default();
        match row.number {
            Some(number) => drop(own.seen.insert(number.to_string(), sequence)),
            None => own.since = sequence,
        }
    }
    Ok(Some(own))
}

/// Up to where somebody has seen the boards of their account. A board that they never had open is not
/// new to them.
///
/// # Errors
/// A database that fails.
pub async fn own_of_boards(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Option<Own>> {
    if !marks(actor) {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"select trackable_id as "id: Uuid", sequence from receipts
           where account_id = $1 and trackable_type = 'Board' and user_id = $2
             and trackable_id in (select id from boards where account_id = $1)"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    let rows = rows.fetch_all(executor).await?;
    let seen = rows.into_iter().map(|row| (row.id.to_string(), row.sequence)).collect();
    Ok(Some(Own { since: i64::MAX, seen }))
}

/// Notes that somebody who has a board or a card before them has seen what came live, up to an activity:
/// no page was opened, so nothing is counted. Whoever never opened it has no receipt and gets none by
/// this, and what has not happened yet cannot have been seen. Should a crash of Postgres lose it, a mark
/// stands a little low; so nobody waits for the disk. Whether it is news.
///
/// # Errors
/// A database that fails.
pub(super) async fn note(
    pool: &PgPool,
    actor: &Actor,
    thing: Trackable,
    sequence: i64,
) -> Result<bool> {
    let noted = sqlx::query!(
        "update receipts r set sequence = least($5, h.sequence)
         from account_heads h, set_config('synchronous_commit', 'off', true)
         where h.account_id = $1 and r.account_id = $1 and r.trackable_type = $3
           and r.trackable_id = $4 and r.user_id = $2 and r.sequence < least($5, h.sequence)",
        actor.account.id as _,
        actor.user_id as _,
        thing.kind.as_str(),
        thing.id,
        sequence,
    );
    Ok(noted.execute(pool).await?.rows_affected() > 0)
}

/// Whether what is new to somebody is marked for them.
fn marks(actor: &Actor) -> bool {
    actor.account.shows_receipts && actor.tracked != Tracked::Off
}
