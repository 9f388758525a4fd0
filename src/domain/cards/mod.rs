//! Cards: what they are and reading them; each verb has a file of its own.

use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use super::search::{self, Findable};
use super::{Actor, Error, Result};
use crate::events::CardSnapshot;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, UserId};
use crate::values::{Rank, clock};

mod add;
mod assign;
mod close;
mod closed;
mod delete;
mod deleted;
mod face;
mod marks;
mod move_to_board;
mod place;
mod relocate;
mod reopen;
mod restore;
mod tag;
mod unassign;
mod untag;
mod update;

pub use add::add;
pub use assign::assign;
pub use close::close;
pub use closed::closed;
pub use delete::{delete, may_delete};
pub use deleted::{Deleted, gone};
pub use face::{CardFace, face, faces_of_board, faces_of_column};
pub use marks::{Assignee, Closure, Marks, candidates, marks, with_marks};
pub use move_to_board::move_to_board;
pub(super) use move_to_board::{Destination, move_to_board_in};
pub use place::Spot;
pub use relocate::relocate;
pub(super) use relocate::relocate_in;
pub use reopen::reopen;
pub(super) use reopen::reopen_in;
pub use restore::Lost;
pub(super) use restore::restore_in;
pub use tag::tag;
pub use unassign::unassign;
pub use untag::untag;
pub(super) use update::update_in;
pub use update::{Edit, update};

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// Its number in the account.
    pub number: i64,
    /// The board it is on.
    pub board_id: BoardId,
    /// The column it stands in.
    pub column_id: ColumnId,
    /// Its place in that column.
    pub rank: Rank,
    /// Its title.
    pub title: String,
    /// Its description, in Markdown.
    pub description: String,
    /// How often title or description were edited, counted from 1.
    pub version: i64,
    /// Who added it.
    pub creator_id: UserId,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

impl Card {
    /// The card as it is now, for an event.
    pub fn snapshot(&self) -> CardSnapshot {
        CardSnapshot { id: self.id, number: self.number, title: self.title.clone() }
    }

    /// Lets it be found by its words as they are now.
    async fn let_be_found(&self, connection: &mut PgConnection, account: AccountId) -> Result<()> {
        let (title, description) = (&self.title, &self.description);
        search::put(connection, account, Findable::Card { id: self.id, title, description }).await
    }
}

/// A card that somebody sees, by its number.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(executor: impl PgExecutor<'_>, actor: &Actor, number: i64) -> Result<Card> {
    let card = sqlx::query_as!(
        Card,
        r#"select id as "id: CardId", number, board_id as "board_id: BoardId",
               column_id as "column_id: ColumnId", rank as "rank: Rank", title, description, version,
               creator_id as "creator_id: UserId", created_at, updated_at
           from cards c where account_id = $1 and number = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2)"#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    );
    card.fetch_optional(executor).await?.ok_or(Error::NotFound)
}

/// A card of an account by its id, for what is not done in a person's name.
///
/// # Errors
/// A database that fails.
pub async fn by_id(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    id: CardId,
) -> Result<Option<Card>> {
    let card = sqlx::query_as!(
        Card,
        r#"select id as "id: CardId", number, board_id as "board_id: BoardId",
               column_id as "column_id: ColumnId", rank as "rank: Rank", title, description, version,
               creator_id as "creator_id: UserId", created_at, updated_at
           from cards where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(card.fetch_optional(executor).await?)
}

/// Those of some cards that somebody sees.
///
/// # Errors
/// A database that fails.
pub async fn seen_of(pool: &PgPool, actor: &Actor, ids: &[CardId]) -> Result<Vec<CardId>> {
    let seen = sqlx::query_scalar!(
        r#"select c.id as "id: CardId"
           from cards c join board_viewers v on v.account_id = $1 and v.board_id = c.board_id
           where c.account_id = $1 and v.user_id = $2 and c.id = any($3)"#,
        actor.account.id as _,
        actor.user_id as _,
        ids as _,
    );
    Ok(seen.fetch_all(pool).await?)
}

/// Locks a card that somebody sees, so that it stays as it was read; not on a board that was put
/// away, where nothing changes.
pub(super) async fn lock(
    connection: &mut PgConnection,
    actor: &Actor,
    number: i64,
) -> Result<Card> {
    let card = sqlx::query_as!(
        Card,
        r#"select id as "id: CardId", number, board_id as "board_id: BoardId",
               column_id as "column_id: ColumnId", rank as "rank: Rank", title, description, version,
               creator_id as "creator_id: UserId", created_at, updated_at
           from cards c where account_id = $1 and number = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2)
             and not exists (select from board_archivals a
                             where a.account_id = $1 and a.board_id = c.board_id)
           for no key update of c"#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    );
    match card.fetch_optional(&mut *connection).await? {
        Some(card) => Ok(card),
        None => Err(refusal(connection, actor, number).await?),
    }
}

/// Why a card was not locked: there is none such for them, or its board was put away. Asked only
/// once it is known that there was none to lock.
async fn refusal(connection: &mut PgConnection, actor: &Actor, number: i64) -> Result<Error> {
    let is_archived = sqlx::query_scalar!(
        r#"select exists (
               select from cards c
               join board_archivals a on a.account_id = $1 and a.board_id = c.board_id
               join board_viewers v on v.account_id = $1 and v.board_id = c.board_id
               where c.account_id = $1 and v.user_id = $2 and c.number = $3) as "is_archived!""#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    );
    let is_archived = is_archived.fetch_one(connection).await?;
    Ok(if is_archived { Error::ARCHIVED } else { Error::NotFound })
}

/// Lets somebody follow a card, who is told from then on what happens to it.
pub(super) async fn watch(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
    user: UserId,
) -> Result<()> {
    sqlx::query!(
        "insert into watches (account_id, card_id, user_id, created_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        account as _,
        card as _,
        user as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that a locked card has changed now, so that whoever has read it knows it for another.
async fn touch(connection: &mut PgConnection, account: AccountId, card: Card) -> Result<Card> {
    let now = clock::now();
    sqlx::query!(
        "update cards set updated_at = $3 where account_id = $1 and id = $2",
        account as _,
        card.id as _,
        now,
    )
    .execute(connection)
    .await?;
    Ok(Card { updated_at: now, ..card })
}

/// Why a closed card is not moved.
fn is_closed() -> Error {
    Error::invalid("column_id", "This card is closed; reopen it before you move it.")
}
