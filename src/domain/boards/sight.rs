//! Which boards somebody sees, and which they do not: asked of the view `board_viewers` alone.

use sqlx::PgPool;

use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, BoardId};

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

/// All the boards that somebody sees.
///
/// # Errors
/// A database that fails.
pub async fn seen(pool: &PgPool, actor: &Actor) -> Result<Vec<BoardId>> {
    let seen = sqlx::query_scalar!(
        r#"select board_id as "id!: BoardId" from board_viewers
           where account_id = $1 and user_id = $2"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(seen.fetch_all(pool).await?)
}

/// The boards of their account that somebody does not see.
///
/// # Errors
/// A database that fails.
pub async fn hidden(pool: &PgPool, actor: &Actor) -> Result<Vec<BoardId>> {
    let hidden = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards b
           where account_id = $1 and access = 'chosen'
             and not exists (select from board_viewers v
                             where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(hidden.fetch_all(pool).await?)
}

/// The private boards that somebody sees, the newest first. The account's stream tells nothing of
/// these: a page that is to tell of them follows the stream of each.
///
/// # Errors
/// A database that fails.
pub async fn private(pool: &PgPool, actor: &Actor) -> Result<Vec<BoardId>> {
    let private = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards b
           where account_id = $1 and access = 'chosen'
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id desc"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(private.fetch_all(pool).await?)
}

/// Those of some boards of an account that everyone in it sees.
///
/// # Errors
/// A database that fails.
pub async fn open_of(pool: &PgPool, account: AccountId, ids: &[BoardId]) -> Result<Vec<BoardId>> {
    let open = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards
           where account_id = $1 and id = any($2) and access = 'everyone'"#,
        account as _,
        ids as _,
    );
    Ok(open.fetch_all(pool).await?)
}
