//! Where a card can go whose own column is gone.

use sqlx::PgConnection;

use super::{Actor, Result};
use crate::domain::columns::Column;
use crate::values::Color;
use crate::values::id::{BoardId, ColumnId};

/// A board with the columns that a card may be put into.
#[derive(Debug, Clone)]
pub struct Offered {
    /// What the board is called.
    pub board: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

/// The columns of all boards that somebody sees and that were not put away.
///
/// # Errors
/// A database that fails.
pub async fn offered(connection: &mut PgConnection, actor: &Actor) -> Result<Vec<Offered>> {
    let rows = sqlx::query!(
        r#"select b.name as board, c.id as "id: ColumnId", c.board_id as "board_id: BoardId", c.name,
               c.color as "color: Color"
           from columns c
           join boards b on b.account_id = $1 and b.id = c.board_id
           join board_viewers v on v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2
           where c.account_id = $1
             and not exists (select from board_archivals a
                             where a.account_id = $1 and a.board_id = c.board_id)
           order by b.name, b.id, c.rank, c.id"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    let mut offered: Vec<Offered> = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let column =
            Column { id: row.id, board_id: row.board_id, name: row.name, color: row.color };
        match offered.last_mut() {
            Some(last) if last.columns[0].board_id == row.board_id => last.columns.push(column),
            _ => offered.push(Offered { board: row.board, columns: vec![column] }),
        }
    }
    Ok(offered)
}
