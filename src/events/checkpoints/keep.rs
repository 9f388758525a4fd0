//! Making checkpoints where boards want them, and taking them away.

use sqlx::{PgConnection, PgPool};

use super::row::{self, FORMAT};
use crate::events::rebuilding::Rebuilding;
use crate::events::{Log, history};
use crate::values::id::{AccountId, BoardId};

/// After so many events of its own a board is kept as it was.
pub const EVERY: i64 = 1_000;

/// So much of an account's log is looked through in one transaction.
const WINDOW: i64 = 5_000;

/// Keeps the boards of an account that have had a thousand events of their own since they were kept
/// last; how many checkpoints that made. Costs one look-up while nothing much has happened. It takes no
/// lock that a change waits for; when two processes are at it, one of them leaves it to the other.
///
/// # Errors
/// A database that fails.
pub async fn keep(pool: &PgPool, account: AccountId) -> sqlx::Result<usize> {
    keep_every(pool, account, EVERY).await
}

/// The same for the next part of the log alone, so that whoever has to stop can; nothing when there is
/// none to look through, or another process is at it.
///
/// # Errors
/// A database that fails.
pub async fn keep_part(pool: &PgPool, account: AccountId) -> sqlx::Result<Option<usize>> {
    look(pool, account, EVERY).await
}

/// The accounts of whose logs enough was not looked through yet, whatever became of those who looked.
///
/// # Errors
/// A database that fails.
pub async fn behind(pool: &PgPool) -> sqlx::Result<Vec<AccountId>> {
    let behind = sqlx::query_scalar!(
        r#"select head.account_id as "account_id: AccountId" from account_heads head
           left join checkpoint_readings seen on seen.account_id = head.account_id and seen.format >= $1
           where head.sequence >= coalesce(seen.sequence, 0) + $2"#,
        FORMAT,
        next_look(0, EVERY),
    );
    behind.fetch_all(pool).await
}

/// Keeps the boards of an account after each so many of their events.
///
/// # Errors
/// A database that fails.
pub async fn keep_every(pool: &PgPool, account: AccountId, every: i64) -> sqlx::Result<usize> {
    let mut made = 0;
    while let Some(more) = look(pool, account, every).await? {
        made += more;
    }
    Ok(made)
}

/// Looks through the next part of the log; nothing if too little has happened, or another process
/// is at it.
async fn look(pool: &PgPool, account: AccountId, every: i64) -> sqlx::Result<Option<usize>> {
    if history::head(pool, account).await? < next_look(seen(pool, account).await?, every) {
        return Ok(None);
    }
    let mut transaction = pool.begin().await?;
    let Some(seen) = lock(&mut transaction, account).await? else { return Ok(None) };
    let head = history::head(&mut *transaction, account).await?;
    if head < next_look(seen, every) {
        return Ok(None);
    }
    let up_to = head.min(seen + WINDOW);
    // What was erased must not come from the memory of a process: this log has none.
    let log = Log::new(pool.clone(), Vec::new());
    let mut made = 0;
    for board in touched(&mut transaction, account, seen, up_to).await? {
        made += keep_board(&log, &mut transaction, account, board, up_to, every).await?;
    }
    note(&mut transaction, account, up_to).await?;
    transaction.commit().await?;
    Ok(Some(made))
}

/// Boards are looked at after each tenth of what makes one want a checkpoint.
fn next_look(seen: i64, every: i64) -> i64 {
    seen + (every / 10).max(1)
}

/// Up to where the log was looked through by a program that writes what this one does.
async fn seen(pool: &PgPool, account: AccountId) -> sqlx::Result<i64> {
    let seen = sqlx::query_scalar!(
        "select sequence from checkpoint_readings where account_id = $1 and format >= $2",
        account as _,
        FORMAT,
    );
    Ok(seen.fetch_optional(pool).await?.unwrap_or(0))
}

/// The same, and nobody else looks or forgets until the transaction ends; nothing if somebody does.
async fn lock(connection: &mut PgConnection, account: AccountId) -> sqlx::Result<Option<i64>> {
    sqlx::query!(
        "insert into checkpoint_readings (account_id, sequence, format) values ($1, 0, $2)
         on conflict (account_id) do nothing",
        account as _,
        FORMAT,
    )
    .execute(&mut *connection)
    .await?;
    let seen = sqlx::query_scalar!(
        r#"select case when format >= $2 then sequence else 0 end as "sequence!"
           from checkpoint_readings where account_id = $1 for update skip locked"#,
        account as _,
        FORMAT,
    );
    seen.fetch_optional(connection).await
}

async fn note(connection: &mut PgConnection, account: AccountId, up_to: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update checkpoint_readings set sequence = $2, format = greatest(format, $3)
         where account_id = $1",
        account as _,
        up_to,
        FORMAT,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The boards on which something happened after one sequence and up to another.
async fn touched(
    connection: &mut PgConnection,
    account: AccountId,
    after: i64,
    up_to: i64,
) -> sqlx::Result<Vec<BoardId>> {
    let boards = sqlx::query_scalar!(
        r#"select distinct board_id as "board_id!: BoardId" from activities
           where account_id = $1 and sequence > $2 and sequence <= $3 and board_id is not null"#,
        account as _,
        after,
        up_to,
    );
    boards.fetch_all(connection).await
}

/// Keeps a board after each so many of its events since it was kept last.
async fn keep_board(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    up_to: i64,
    every: i64,
) -> sqlx::Result<usize> {
    let last = last(connection, account, board).await?;
    let Some(first) = next(connection, account, board, (last, up_to), every).await? else {
        return Ok(0);
    };
    let mut rebuilding = Rebuilding::from_checkpoint(connection, account, board, first).await?;
    let (mut wanted, mut made) = (Some(first), 0);
    while let Some(sequence) = wanted {
        rebuilding.go_on(log, connection, sequence).await?;
        if !rebuilding.is_whole {
            // Whoever knows the kinds that are unknown here will keep it.
            break;
        }
        row::write(connection, account, board, sequence, &rebuilding.board).await?;
        made += 1;
        wanted = next(connection, account, board, (sequence, up_to), every).await?;
    }
    Ok(made)
}

/// Where a board was kept last, by a program that writes what this one does.
async fn last(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> sqlx::Result<i64> {
    let last = sqlx::query_scalar!(
        "select sequence from board_checkpoints
         where account_id = $1 and board_id = $2 and format >= $3 order by sequence desc limit 1",
        account as _,
        board as _,
        FORMAT,
    );
    Ok(last.fetch_optional(connection).await?.unwrap_or(0))
}

/// Where a board has had so many more events of its own, if it has: a walk of that many entries of
/// its index.
async fn next(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    (after, up_to): (i64, i64),
    every: i64,
) -> sqlx::Result<Option<i64>> {
    let next = sqlx::query_scalar!(
        "select sequence from activities
         where account_id = $1 and board_id <= $2 and (board_id, sequence) > ($2, $3)
           and sequence <= $4
         order by board_id, sequence offset $5 limit 1",
        account as _,
        board as _,
        after,
        up_to,
        every - 1,
    );
    next.fetch_optional(connection).await
}

/// Takes away what was kept of an account's boards since a sequence, or of these boards alone, within
/// a change that erases something: nobody keeps a board in the meantime. They are kept anew.
///
/// # Errors
/// A database that fails.
pub async fn forget(
    connection: &mut PgConnection,
    account: AccountId,
    boards: Option<&[BoardId]>,
    since: i64,
) -> sqlx::Result<()> {
    // Whoever is keeping a board now has read what is about to vanish: it waits for them.
    sqlx::query!(
        "insert into checkpoint_readings (account_id, sequence, format) values ($1, 0, $3)
         on conflict (account_id) do update
         set sequence = least(checkpoint_readings.sequence, $2)",
        account as _,
        since - 1,
        FORMAT,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from board_checkpoints
         where account_id = $1 and sequence >= $2 and ($3::uuid[] is null or board_id = any($3))",
        account as _,
        since,
        boards as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
