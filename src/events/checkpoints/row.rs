//! A checkpoint as it is written and read.

use sqlx::PgConnection;

use crate::events::BoardAsItWas;
use crate::values::clock;
use crate::values::id::{AccountId, BoardId};

/// What is in a checkpoint, counted up when that changes. A program passes over what others wrote.
pub const FORMAT: i16 = 1;

/// The newest checkpoint of a board that is no later than a sequence, and can be read here.
///
/// # Errors
/// A database that fails.
pub async fn newest(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    up_to: i64,
) -> sqlx::Result<Option<(i64, BoardAsItWas)>> {
    let found = sqlx::query!(
        r#"select sequence, state as "state: String" from board_checkpoints
           where account_id = $1 and board_id = $2 and sequence <= $3 and format = $4
           order by sequence desc limit 1"#,
        account as _,
        board as _,
        up_to,
        FORMAT,
    );
    let Some(found) = found.fetch_optional(connection).await? else { return Ok(None) };
    match serde_json::from_str(&found.state) {
        Ok(state) => Ok(Some((found.sequence, state))),
        Err(error) => {
            tracing::warn!(%board, found.sequence, %error, "a checkpoint cannot be read");
            Ok(None)
        }
    }
}

/// Where a board was kept in a way that can be read here, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn of_board(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> sqlx::Result<Vec<i64>> {
    let sequences = sqlx::query_scalar!(
        "select sequence from board_checkpoints
         where account_id = $1 and board_id = $2 and format = $3 order by sequence",
        account as _,
        board as _,
        FORMAT,
    );
    sequences.fetch_all(connection).await
}

/// Writes a checkpoint, unless somebody has written it.
pub(super) async fn write(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    sequence: i64,
    state: &BoardAsItWas,
) -> sqlx::Result<()> {
    let state = serde_json::to_string(state).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into board_checkpoints (account_id, board_id, sequence, format, state, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (account_id, board_id, sequence) do update
         set format = excluded.format, state = excluded.state, created_at = excluded.created_at
         where board_checkpoints.format < excluded.format",
        account as _,
        board as _,
        sequence,
        FORMAT,
        state,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
