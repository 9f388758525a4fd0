//! Comments on cards: what they are and reading them; each verb has a file of its own.

use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use super::search::{self, Findable};
use super::{Actor, Error, Page, Result, cards};
use crate::events::CommentSnapshot;
use crate::values::Color;
use crate::values::id::{AccountId, CardId, CommentId, UserId};

mod add;
mod delete;
mod edit;
mod restore;

pub use add::add;
pub use delete::{delete, may_delete};
pub(super) use edit::edit_in;
pub use edit::{edit, may_edit};
pub(super) use restore::{insert, restore_in};

/// A comment, with its author as they are called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The card it is about.
    pub card_id: CardId,
    /// Who wrote it.
    pub author_id: UserId,
    /// What they are called.
    pub author_name: String,
    /// The colour of their pebble.
    pub author_color: Color,
    /// What it says, in Markdown.
    pub body: String,
    /// How often it was edited, counted from 1.
    pub version: i64,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// When it was last edited, if it was.
    pub edited_at: Option<OffsetDateTime>,
}

impl Comment {
    /// The comment as it is now, for an event.
    pub fn snapshot(&self) -> CommentSnapshot {
        CommentSnapshot { id: self.id, body: self.body.clone() }
    }

    /// Lets it be found by its words as they are now.
    async fn let_be_found(&self, connection: &mut PgConnection, account: AccountId) -> Result<()> {
        let Self { id, card_id: card, body, .. } = self;
        search::put(connection, account, Findable::Comment { id: *id, card: *card, body }).await
    }
}

/// The comments on a card, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn of_card(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    card: CardId,
) -> Result<Vec<Comment>> {
    let comments = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.version,
               c.created_at, c.edited_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.card_id = $2 order by c.id"#,
        account as _,
        card as _,
    );
    Ok(comments.fetch_all(executor).await?)
}

/// A page of the comments on a card, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn page(
    pool: &PgPool,
    account: AccountId,
    card: CardId,
    page: Page<CommentId>,
) -> Result<Vec<Comment>> {
    let comments = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.version,
               c.created_at, c.edited_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.card_id = $2 and ($3::uuid is null or c.id > $3)
           order by c.id limit $4"#,
        account as _,
        card as _,
        page.after as _,
        page.limit,
    );
    Ok(comments.fetch_all(pool).await?)
}

/// A comment of an account.
///
/// # Errors
/// A database that fails.
pub async fn by_id(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    id: CommentId,
) -> Result<Option<Comment>> {
    let comment = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.version,
               c.created_at, c.edited_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.id = $2"#,
        account as _,
        id as _,
    );
    Ok(comment.fetch_optional(executor).await?)
}

/// A comment on a card that somebody sees.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(pool: &PgPool, actor: &Actor, number: i64, id: CommentId) -> Result<Comment> {
    let card = cards::find(pool, actor, number).await?;
    let comment = by_id(pool, actor.account.id, id).await?;
    comment.filter(|comment| comment.card_id == card.id).ok_or(Error::NotFound)
}

/// Locks a comment on a card that is locked.
async fn lock(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
    id: CommentId,
) -> Result<Comment> {
    let comment = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.version,
               c.created_at, c.edited_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.id = $3 and c.card_id = $2 for no key update of c"#,
        account as _,
        card as _,
        id as _,
    );
    comment.fetch_optional(connection).await?.ok_or(Error::NotFound)
}
