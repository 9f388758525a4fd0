//! Replaying the log gives the present state: every board of an account, from its first event on,
//! beside what the tables and the checkpoints say.

use sqlx::{PgConnection, PgPool};

use super::difference::{Difference, difference};
use super::stored::stored;
use crate::domain::Result;
use crate::events::{Log, Rebuilding, checkpoints, history};
use crate::values::id::{AccountId, BoardId};

/// What a replay of an account's log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Up to which number of the log.
    pub sequence: i64,
    /// How many boards were rebuilt.
    pub boards: usize,
    /// The first thing that is otherwise than the log says, if anything is.
    pub difference: Option<Difference>,
}

/// Rebuilds every board of an account from events alone, and compares each with the tables, and with
/// the checkpoints on the way. All is read as it is at one moment, whatever happens meanwhile. A text
/// that was erased from the log may have been anything.
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
    let sequence = history::head(&mut *transaction, account).await?;
    let boards = boards(&mut transaction, account).await?;
    let mut replayed = Replayed { sequence, boards: 0, difference: None };
    for board in boards {
        replayed.difference =
            replay_board(&log, &mut transaction, account, board, sequence).await?;
        replayed.boards += 1;
        if replayed.difference.is_some() {
            break;
        }
    }
    Ok(replayed)
}

/// The boards that the tables have, the oldest first.
async fn boards(connection: &mut PgConnection, account: AccountId) -> Result<Vec<BoardId>> {
    let boards = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards where account_id = $1 order by id"#,
        account as _,
    );
    Ok(boards.fetch_all(connection).await?)
}

async fn replay_board(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
    head: i64,
) -> Result<Option<Difference>> {
    let mut rebuilding = Rebuilding::from_nothing(account, id);
    for sequence in checkpoints::of_board(connection, account, id).await? {
        rebuilding.go_on(log, connection, sequence).await?;
        let kept = checkpoints::newest(connection, account, id, sequence).await?;
        let Some((_, kept)) = kept.filter(|(at, _)| *at == sequence) else { continue };
        if let Some(difference) = difference(id, &rebuilding.board, &kept) {
            let thing = format!("its checkpoint at {sequence}, {}", difference.thing);
            return Ok(Some(Difference { thing, ..difference }));
        }
    }
    rebuilding.go_on(log, connection, head).await?;
    let stored = stored(connection, account, id).await?.unwrap_or_default();
    Ok(unknown(id, &rebuilding).or_else(|| difference(id, &rebuilding.board, &stored)))
}

/// A board that cannot be rebuilt here, since not all that happened on it can be read.
fn unknown(id: BoardId, rebuilding: &Rebuilding) -> Option<Difference> {
    (!rebuilding.is_whole).then(|| Difference {
        board_id: id,
        thing: "its events".to_owned(),
        attribute: "what they say",
        events: format!("{} changes that can be read", rebuilding.board.changes),
        found: "more, whose rows are missing or whose kinds are unknown".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::BoardAsItWas;
    use crate::events::board_as_it_was::Stamp;

    #[test]
    fn a_board_without_events_differs_from_one_that_is_there() {
        let found = BoardAsItWas { made: Some(Stamp::default()), ..BoardAsItWas::default() };
        let id = BoardId::new();
        let difference = difference(id, &BoardAsItWas::default(), &found).expect("a difference");
        assert_eq!(difference.attribute, "creator");
    }
}
