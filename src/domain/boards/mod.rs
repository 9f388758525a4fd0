//! Boards: what they are; reading them, and each verb, has a file of its own.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::changed::Changed;
use super::{Actor, Error, Result};
use crate::events::BoardSnapshot;
use crate::values::id::{BoardId, UserId};
use crate::values::{BoardAccess, Color};

mod accesses;
mod archive;
mod as_it_was;
mod create;
mod point;
mod read;
mod rename;
mod sight;
mod view;

pub use accesses::{chosen, grant, revoke};
pub use archive::{archive, restore};
pub use as_it_was::{Past, PastColumn, as_it_was};
pub use create::create;
pub use point::{Point, point};
pub use read::{all, by_id, find, page};
pub use rename::rename;
pub use sight::{Sight, hidden, is_seen, open_of, seen_of};
pub use view::{BoardView, view, with_cards};

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Board {
    /// Its id.
    pub id: BoardId,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// Who sees it.
    pub access: BoardAccess,
    /// How many people see it, if they were chosen.
    pub viewers: Option<i64>,
    /// Who made it.
    pub creator_id: UserId,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was put away; until it is restored nothing on it changes.
    #[serde(with = "time::serde::rfc3339::option")]
    pub archived_at: Option<OffsetDateTime>,
}

/// A board with how much stands on it.
#[derive(Debug, Clone)]
pub struct BoardSummary {
    /// The board.
    pub board: Board,
    /// How many columns it has.
    pub columns: i64,
    /// How many cards it has.
    pub cards: i64,
    /// When something last happened on it, where it is shown who has seen what.
    pub changed: Option<Changed>,
}

impl Board {
    /// The board as it is now, for an event.
    pub fn snapshot(&self) -> BoardSnapshot {
        BoardSnapshot { id: self.id, name: self.name.clone() }
    }

    /// May somebody who sees it rename it, put it away, and say who sees it?
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those who neither made it nor are admins.
    pub fn may_be_managed_by(&self, actor: &Actor) -> Result<()> {
        actor.may_write()?;
        if actor.user_id == self.creator_id || actor.administers() {
            return Ok(());
        }
        Err(Error::Forbidden("Only whoever made this board, and admins, may do this."))
    }

    /// May things on it be changed?
    ///
    /// # Errors
    /// [`Error::ARCHIVED`] when it was put away.
    pub fn may_change(&self) -> Result<()> {
        match self.archived_at {
            Some(_) => Err(Error::ARCHIVED),
            None => Ok(()),
        }
    }
}

/// Locks a board that somebody sees, archived or not: whoever changes it or its columns does so
/// one after another.
pub(super) async fn lock(
    connection: &mut PgConnection,
    actor: &Actor,
    id: BoardId,
) -> Result<Board> {
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
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           for no key update of b"#,
        actor.account.id as _,
        actor.user_id as _,
        id as _,
    );
    board.fetch_optional(connection).await?.ok_or(Error::NotFound)
}

/// Locks a board that somebody sees and on which things may be changed.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them; [`Error::ARCHIVED`] when it was put away.
pub(super) async fn lock_to_change(
    connection: &mut PgConnection,
    actor: &Actor,
    id: BoardId,
) -> Result<Board> {
    let board = lock(connection, actor, id).await?;
    board.may_change()?;
    Ok(board)
}
