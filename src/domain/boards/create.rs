//! Making a board.

use std::sync::Arc;

use sqlx::PgConnection;

use super::{Board, accesses};
use crate::domain::{Actor, Result};
use crate::events::kinds::board_access_granted::BoardAccessGranted;
use crate::events::kinds::board_created::BoardCreated;
use crate::events::{Event, Log};
use crate::values::id::{AccountId, BoardId};
use crate::values::{BoardAccess, Color, Name, clock};

/// Makes a board, without columns yet. Of one for those who are chosen, its maker is the first.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`] with a token that only reads.
pub async fn create(log: &Log, actor: &Actor, name: Name, access: BoardAccess) -> Result<Board> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let board = Board {
        id: BoardId::new(),
        name: name.into_string(),
        color: next_color(&mut change, account).await?,
        access,
        viewers: (access == BoardAccess::Chosen).then_some(1),
        creator_id: actor.user_id,
        created_at: clock::now(),
        archived_at: None,
    };
    insert(&mut change, account, &board).await?;
    let snapshot = board.snapshot();
    let created = BoardCreated { board: snapshot.clone(), color: board.color, access };
    let mut events: Vec<Arc<dyn Event>> = vec![Arc::new(created)];
    if access == BoardAccess::Chosen {
        accesses::choose(&mut change, account, board.id, actor.user_id).await?;
        let user_id = Some(actor.user_id);
        events.push(Arc::new(BoardAccessGranted { board: snapshot, user_id }));
    }
    change.record_all(events).await?;
    Ok(board)
}

async fn next_color(connection: &mut PgConnection, account: AccountId) -> Result<Color> {
    let boards = sqlx::query_scalar!(
        r#"select count(*) as "count!" from boards where account_id = $1"#,
        account as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(Color::nth(usize::try_from(boards).unwrap_or(0) + 5))
}

async fn insert(connection: &mut PgConnection, account: AccountId, board: &Board) -> Result<()> {
    sqlx::query!(
        "insert into boards (account_id, id, name, color, access, creator_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        account as _,
        board.id as _,
        board.name,
        board.color.as_str(),
        board.access.as_str(),
        board.creator_id as _,
        board.created_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}
