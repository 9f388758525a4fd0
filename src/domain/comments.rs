//! Comments on cards.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::search::{self, Findable};
use super::{Actor, Page, Result, cards};
use crate::events::Log;
use crate::events::kinds::comment_added::{CommentAdded, CommentSnapshot};
use crate::values::id::{AccountId, CardId, CommentId, UserId};
use crate::values::{Color, CommentBody, clock};

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
    /// When it was written.
    pub created_at: OffsetDateTime,
}

/// The comments on a card, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn of_card(pool: &PgPool, account: AccountId, card: CardId) -> Result<Vec<Comment>> {
    let comments = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.created_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.card_id = $2 order by c.id"#,
        account as _,
        card as _,
    );
    Ok(comments.fetch_all(pool).await?)
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
               u.color as "author_color: Color", c.body, c.created_at
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
pub async fn by_id(pool: &PgPool, account: AccountId, id: CommentId) -> Result<Option<Comment>> {
    let comment = sqlx::query_as!(
        Comment,
        r#"select c.id as "id: CommentId", c.card_id as "card_id: CardId",
               c.author_id as "author_id: UserId", u.name as author_name,
               u.color as "author_color: Color", c.body, c.created_at
           from comments c join users u on u.account_id = $1 and u.id = c.author_id
           where c.account_id = $1 and c.id = $2"#,
        account as _,
        id as _,
    );
    Ok(comment.fetch_optional(pool).await?)
}

/// Comments on a card; whoever does follows the card from then on.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn add(log: &Log, actor: &Actor, number: i64, body: CommentBody) -> Result<Comment> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let card = cards::lock(&mut change, actor, number).await?;
    let comment = Comment {
        id: CommentId::new(),
        card_id: card.id,
        author_id: actor.user_id,
        author_name: actor.name.clone(),
        author_color: actor.color,
        body: body.into_string(),
        created_at: clock::now(),
    };
    sqlx::query!(
        "insert into comments (account_id, id, card_id, author_id, body, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        actor.account.id as _,
        comment.id as _,
        comment.card_id as _,
        comment.author_id as _,
        comment.body,
        comment.created_at,
    )
    .execute(&mut *change)
    .await?;
    let findable = Findable::Comment { id: comment.id, card: card.id, body: &comment.body };
    search::put(&mut change, actor.account.id, findable).await?;
    cards::watch(&mut change, actor, card.id).await?;
    let snapshot = CommentSnapshot { id: comment.id, body: comment.body.clone() };
    let (board_id, card) = (card.board_id, card.snapshot());
    change.record(CommentAdded { board_id, card, comment: snapshot }).await?;
    Ok(comment)
}
