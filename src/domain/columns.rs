//! Columns of a board.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Actor, Error, Result};
use crate::events::kinds::column_added::ColumnAdded;
use crate::events::{BoardSnapshot, ColumnSnapshot, Log};
use crate::values::id::{AccountId, BoardId, ColumnId};
use crate::values::{Color, Name, Rank, clock};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Column {
    /// Its id.
    pub id: ColumnId,
    /// The board it is on.
    pub board_id: BoardId,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: Color,
}

impl Column {
    /// The column as it is now, for an event.
    pub fn snapshot(&self) -> ColumnSnapshot {
        ColumnSnapshot { id: self.id, name: self.name.clone(), color: self.color }
    }
}

/// The columns of a board, in order.
///
/// # Errors
/// A database that fails.
pub async fn of_board(pool: &PgPool, account: AccountId, board: BoardId) -> Result<Vec<Column>> {
    let columns = sqlx::query_as!(
        Column,
        r#"select id as "id: ColumnId", board_id as "board_id: BoardId", name, color as "color: Color"
           from columns where account_id = $1 and board_id = $2 order by rank, id"#,
        account as _,
        board as _,
    );
    Ok(columns.fetch_all(pool).await?)
}

/// A column of an account.
///
/// # Errors
/// A database that fails.
pub async fn by_id(pool: &PgPool, account: AccountId, id: ColumnId) -> Result<Option<Column>> {
    read(pool, account, id).await
}

/// The same within a change.
pub(super) async fn read(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    id: ColumnId,
) -> Result<Option<Column>> {
    let column = sqlx::query_as!(
        Column,
        r#"select id as "id: ColumnId", board_id as "board_id: BoardId", name, color as "color: Color"
           from columns where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(column.fetch_optional(executor).await?)
}

/// Adds a column at the end of a board.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them.
pub async fn add(log: &Log, actor: &Actor, board: BoardId, name: Name) -> Result<Column> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let board_name = lock_board(&mut change, actor.account.id, board).await?;
    let neighbours = sqlx::query!(
        r#"select count(*) as "count!", max(rank) as "last: Rank"
           from columns where account_id = $1 and board_id = $2"#,
        actor.account.id as _,
        board as _,
    )
    .fetch_one(&mut *change)
    .await?;
    let rank = Rank::between(neighbours.last.as_ref(), None);
    let color = Color::nth(usize::try_from(neighbours.count).unwrap_or(0));
    let column = Column { id: ColumnId::new(), board_id: board, name: name.into_string(), color };
    sqlx::query!(
        "insert into columns (account_id, id, board_id, name, color, rank, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        actor.account.id as _,
        column.id as _,
        board as _,
        column.name,
        column.color.as_str(),
        rank.as_str(),
        clock::now(),
    )
    .execute(&mut *change)
    .await?;
    let board = BoardSnapshot { id: board, name: board_name };
    change.record(ColumnAdded { board, column: column.snapshot(), rank }).await?;
    Ok(column)
}

/// Locks a board and gives its name: whoever changes its columns does so one after another.
async fn lock_board(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<String> {
    let name = sqlx::query_scalar!(
        "select name from boards where account_id = $1 and id = $2 for no key update",
        account as _,
        board as _,
    );
    name.fetch_optional(connection).await?.ok_or(Error::NotFound)
}

/// Locks a column: whoever puts cards into it does so one after another, so that no two cards
/// take the same place.
pub(super) async fn lock(
    connection: &mut PgConnection,
    account: AccountId,
    id: ColumnId,
) -> Result<Option<Column>> {
    let column = sqlx::query_as!(
        Column,
        r#"select id as "id: ColumnId", board_id as "board_id: BoardId", name, color as "color: Color"
           from columns where account_id = $1 and id = $2 for no key update"#,
        account as _,
        id as _,
    );
    Ok(column.fetch_optional(connection).await?)
}
