//! Cards: what they are and reading them; each verb has a file of its own.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::search::{self, Findable};
use super::{Actor, Error, Result};
use crate::events::CardSnapshot;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, UserId};
use crate::values::{Rank, clock};

mod add;
mod place;
mod relocate;
mod update;

pub use add::add;
pub use relocate::relocate;
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

/// A card as a board shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFace {
    /// Its id.
    pub id: CardId,
    /// Its number in the account.
    pub number: i64,
    /// The column it stands in.
    pub column_id: ColumnId,
    /// Its title.
    pub title: String,
    /// How many comments it has.
    pub comments: i64,
}

/// A card that somebody sees, by its number.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(pool: &PgPool, actor: &Actor, number: i64) -> Result<Card> {
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
    card.fetch_optional(pool).await?.ok_or(Error::NotFound)
}

/// A card of an account by its id, for what is not done in a person's name.
///
/// # Errors
/// A database that fails.
pub async fn by_id(pool: &PgPool, account: AccountId, id: CardId) -> Result<Option<Card>> {
    let card = sqlx::query_as!(
        Card,
        r#"select id as "id: CardId", number, board_id as "board_id: BoardId",
               column_id as "column_id: ColumnId", rank as "rank: Rank", title, description, version,
               creator_id as "creator_id: UserId", created_at, updated_at
           from cards where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(card.fetch_optional(pool).await?)
}

/// The faces of a board's cards, in the order of each column.
///
/// # Errors
/// A database that fails.
pub async fn faces_of_board(
    pool: &PgPool,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<CardFace>> {
    let faces = sqlx::query_as!(
        CardFace,
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!"
           from cards c where account_id = $1 and board_id = $2 order by rank, id"#,
        account as _,
        board as _,
    );
    Ok(faces.fetch_all(pool).await?)
}

/// The faces of a column's cards, in order.
///
/// # Errors
/// A database that fails.
pub async fn faces_of_column(
    pool: &PgPool,
    account: AccountId,
    column: ColumnId,
) -> Result<Vec<CardFace>> {
    let faces = sqlx::query_as!(
        CardFace,
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!"
           from cards c where account_id = $1 and column_id = $2 order by rank, id"#,
        account as _,
        column as _,
    );
    Ok(faces.fetch_all(pool).await?)
}

/// A card's face.
///
/// # Errors
/// A database that fails.
pub async fn face(pool: &PgPool, account: AccountId, id: CardId) -> Result<Option<CardFace>> {
    let face = sqlx::query_as!(
        CardFace,
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!"
           from cards c where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(face.fetch_optional(pool).await?)
}

/// Locks a card that somebody sees, so that it stays as it was read.
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
           for no key update of c"#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    );
    card.fetch_optional(connection).await?.ok_or(Error::NotFound)
}

/// Lets somebody follow a card, who is told from then on what happens to it.
pub(super) async fn watch(
    connection: &mut PgConnection,
    actor: &Actor,
    card: CardId,
) -> Result<()> {
    sqlx::query!(
        "insert into watches (account_id, card_id, user_id, created_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        actor.account.id as _,
        card as _,
        actor.user_id as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
