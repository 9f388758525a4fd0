//! Which boards somebody sees, and which they do not: asked of the view `board_viewers` alone.

use sqlx::{PgExecutor, PgPool};

use super::Board;
use crate::domain::{Actor, Error, Result};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{BoardAccess, Color};

/// All boards of an account as somebody sees them.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Those that they see, the oldest first, those that were put away too.
    pub seen: Vec<Board>,
    /// Those that they do not see.
    pub hidden: Vec<BoardId>,
}

impl Sight {
    /// What somebody sees now, in one query.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn of(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Self> {
        let rows = sqlx::query!(
            r#"select id as "id: BoardId", name, color as "color: Color",
                   access as "access: BoardAccess",
                   case when access = 'chosen' then
                       (select count(*) from board_viewers v
                        where v.account_id = $1 and v.board_id = b.id)
                   end as viewers,
                   creator_id as "creator_id: UserId", created_at,
                   (select a.created_at from board_archivals a
                    where a.account_id = $1 and a.board_id = b.id) as archived_at,
                   exists (select from board_viewers v
                           where v.account_id = $1 and v.board_id = b.id and v.user_id = $2) as "is_seen!"
               from boards b where account_id = $1 order by id"#,
            actor.account.id as _,
            actor.user_id as _,
        )
        .fetch_all(executor)
        .await?;
        let (mut seen, mut hidden) = (Vec::new(), Vec::new());
        for row in rows {
            if !row.is_seen {
                hidden.push(row.id);
                continue;
            }
            seen.push(Board {
                id: row.id,
                name: row.name,
                color: row.color,
                access: row.access,
                viewers: row.viewers,
                creator_id: row.creator_id,
                created_at: row.created_at,
                archived_at: row.archived_at,
            });
        }
        Ok(Self { seen, hidden })
    }

    /// A board that they see.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none such for them.
    pub fn find(&self, id: BoardId) -> Result<&Board> {
        self.seen.iter().find(|board| board.id == id).ok_or(Error::NotFound)
    }

    /// The private ones that they see, the newest first. The account's stream tells nothing of
    /// these: a page that is to tell of them follows the stream of each.
    pub fn private(&self) -> impl Iterator<Item = BoardId> {
        let private = self.seen.iter().rev().filter(|board| board.access == BoardAccess::Chosen);
        private.map(|board| board.id)
    }
}

/// Whether somebody sees a board.
///
/// # Errors
/// A database that fails.
pub async fn is_seen(pool: &PgPool, actor: &Actor, id: BoardId) -> Result<bool> {
    Ok(seen_of(pool, actor, &[id]).await?.contains(&id))
}

/// Those of some boards that somebody sees.
///
/// # Errors
/// A database that fails.
pub async fn seen_of(pool: &PgPool, actor: &Actor, ids: &[BoardId]) -> Result<Vec<BoardId>> {
    let seen = sqlx::query_scalar!(
        r#"select board_id as "id!: BoardId" from board_viewers
           where account_id = $1 and user_id = $2 and board_id = any($3)"#,
        actor.account.id as _,
        actor.user_id as _,
        ids as _,
    );
    Ok(seen.fetch_all(pool).await?)
}

/// The boards of their account that somebody does not see.
///
/// # Errors
/// A database that fails.
pub async fn hidden(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Vec<BoardId>> {
    let hidden = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards b
           where account_id = $1 and access = 'chosen'
             and not exists (select from board_viewers v
                             where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(hidden.fetch_all(executor).await?)
}

/// Those of some boards of an account that everyone in it sees.
///
/// # Errors
/// A database that fails.
pub async fn open_of(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    ids: &[BoardId],
) -> Result<Vec<BoardId>> {
    let open = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards
           where account_id = $1 and id = any($2) and access = 'everyone'"#,
        account as _,
        ids as _,
    );
    Ok(open.fetch_all(executor).await?)
}
