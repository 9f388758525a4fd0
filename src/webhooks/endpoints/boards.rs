//! The boards that an endpoint is kept to: only those that the admin who names them sees.

use sqlx::PgConnection;

use super::{Actor, Error, Result};
use crate::values::id::BoardId;

/// Boards in the order of their ids, each once.
pub(in crate::webhooks) fn sorted(boards: &[BoardId]) -> Vec<BoardId> {
    let mut boards = boards.to_vec();
    boards.sort_unstable();
    boards.dedup();
    boards
}

/// Refuses boards that the actor does not see.
pub(in crate::webhooks) async fn must_be_seen(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[BoardId],
) -> Result<()> {
    if seen(connection, actor, boards).await?.len() == boards.len() {
        return Ok(());
    }
    Err(Error::invalid("board_ids", "One of these boards does not exist."))
}

/// Those of some boards that the actor sees.
pub(super) async fn seen(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[BoardId],
) -> Result<Vec<BoardId>> {
    let seen = sqlx::query_scalar!(
        r#"select board_id as "id!: BoardId" from board_viewers
           where account_id = $1 and user_id = $2 and board_id = any($3)"#,
        actor.account.id as _,
        actor.user_id as _,
        boards as _,
    );
    Ok(seen.fetch_all(connection).await?)
}
