//! Reading boards.

use sqlx::{PgExecutor, PgPool};

use super::{Board, BoardSummary};
use crate::domain::changed::Changed;
use crate::domain::{Actor, Error, Page, Result};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{BoardAccess, Color};

/// The boards somebody sees, the oldest first, those that were put away too.
///
/// # Errors
/// A database that fails.
pub async fn all(pool: &PgPool, actor: &Actor) -> Result<Vec<BoardSummary>> {
    let rows = sqlx::query!(
        r#"select id as "id: BoardId", name, color as "color: Color",
               access as "access: BoardAccess",
               case when access = 'chosen' then
                   (select count(*) from board_viewers v where v.account_id = $1 and v.board_id = b.id)
               end as viewers,
               b.creator_id as "creator_id: UserId", created_at,
               (select a.created_at from board_archivals a
                where a.account_id = $1 and a.board_id = b.id) as archived_at,
               (select count(*) from columns c where c.account_id = $1 and c.board_id = b.id) as "columns!",
               (select count(*) from cards c where c.account_id = $1 and c.board_id = b.id
                  and not exists (select from closures k
                                  where k.account_id = $1 and k.card_id = c.id)) as "cards!",
               newest.sequence as "sequence?", newest.creator_id as "changer_id?: UserId"
           from boards b left join lateral (
               select a.sequence, a.creator_id from activities a
               where a.account_id = $1 and a.board_id = b.id and a.subject_type = any($3)
                 and exists (select from accounts where id = $1 and shows_receipts)
               order by a.sequence desc limit 1) newest on true
           where account_id = $1
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id"#,
        actor.account.id as _,
        actor.user_id as _,
        &Changed::kinds() as _,
    )
    .fetch_all(pool)
    .await?;
    let summaries = rows.into_iter().map(|row| BoardSummary {
        board: Board {
            id: row.id,
            name: row.name,
            color: row.color,
            access: row.access,
            viewers: row.viewers,
            creator_id: row.creator_id,
            created_at: row.created_at,
            archived_at: row.archived_at,
        },
        columns: row.columns,
        cards: row.cards,
        changed: row.sequence.map(|sequence| Changed { sequence, creator_id: row.changer_id }),
    });
    Ok(summaries.collect())
}

/// A page of the boards somebody sees, the oldest first, those that were put away too.
///
/// # Errors
/// A database that fails.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<BoardId>) -> Result<Vec<Board>> {
    let boards = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               access as "access: BoardAccess",
               case when access = 'chosen' then
                   (select count(*) from board_viewers v where v.account_id = $1 and v.board_id = b.id)
               end as viewers,
               creator_id as "creator_id: UserId", created_at,
               (select a.created_at from board_archivals a
                where a.account_id = $1 and a.board_id = b.id) as archived_at
           from boards b where account_id = $1 and ($3::uuid is null or id > $3)
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id limit $4"#,
        actor.account.id as _,
        actor.user_id as _,
        page.after as _,
        page.limit,
    );
    Ok(boards.fetch_all(pool).await?)
}

/// A board that somebody sees.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(executor: impl PgExecutor<'_>, actor: &Actor, id: BoardId) -> Result<Board> {
    let board = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               access as "access: BoardAccess",
               case when access = 'chosen' then
                   (select count(*) from board_viewers v where v.account_id = $1 and v.board_id = b.id)
               end as viewers,
               creator_id as "creator_id: UserId", created_at,
               (select a.created_at from board_archivals a
                where a.account_id = $1 and a.board_id = b.id) as archived_at
           from boards b where account_id = $1 and id = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)"#,
        actor.account.id as _,
        actor.user_id as _,
        id as _,
    );
    board.fetch_optional(executor).await?.ok_or(Error::NotFound)
}

/// A board of an account, for what is not done in a person's name.
///
/// # Errors
/// A database that fails.
pub async fn by_id(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    id: BoardId,
) -> Result<Option<Board>> {
    let board = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               access as "access: BoardAccess",
               case when access = 'chosen' then
                   (select count(*) from board_viewers v where v.account_id = $1 and v.board_id = b.id)
               end as viewers,
               creator_id as "creator_id: UserId", created_at,
               (select a.created_at from board_archivals a
                where a.account_id = $1 and a.board_id = b.id) as archived_at
           from boards b where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(board.fetch_optional(executor).await?)
}
