//! Columns of a board: what they are and reading them; each verb has a file of its own.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Actor, Error, Result, boards};
use crate::events::ColumnSnapshot;
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, ColumnId};

mod add;
mod place;
mod relocate;
mod remove;
mod update;

pub use add::add;
pub use relocate::relocate;
pub use remove::remove;
pub use update::{Edit, update};

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
pub async fn of_board(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<Column>> {
    let columns = sqlx::query_as!(
        Column,
        r#"select id as "id: ColumnId", board_id as "board_id: BoardId", name, color as "color: Color"
           from columns where account_id = $1 and board_id = $2 order by rank, id"#,
        account as _,
        board as _,
    );
    Ok(columns.fetch_all(executor).await?)
}

/// A column of a board that somebody sees, with the board.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(
    pool: &PgPool,
    actor: &Actor,
    board: BoardId,
    id: ColumnId,
) -> Result<(boards::Board, Column)> {
    let board = boards::find(pool, actor, board).await?;
    let column = by_id(pool, actor.account.id, id).await?;
    let column = column.filter(|column| column.board_id == board.id).ok_or(Error::NotFound)?;
    Ok((board, column))
}

/// How many cards a column has, closed ones too.
///
/// # Errors
/// A database that fails.
pub async fn count_cards(pool: &PgPool, account: AccountId, id: ColumnId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from cards where account_id = $1 and column_id = $2"#,
        account as _,
        id as _,
    );
    Ok(count.fetch_one(pool).await?)
}

/// A column of an account.
///
/// # Errors
/// A database that fails.
pub async fn by_id(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    id: ColumnId,
) -> Result<Option<Column>> {
    read(executor, account, id).await
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

/// The same of one board.
async fn lock_of_board(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    id: ColumnId,
) -> Result<Column> {
    let column = lock(connection, account, id).await?;
    column.filter(|column| column.board_id == board).ok_or(Error::NotFound)
}
