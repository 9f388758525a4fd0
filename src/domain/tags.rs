//! Tags: what cards are marked with, the same in the whole account.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Actor, Page, Result};
use crate::events::TagSnapshot;
use crate::values::id::{AccountId, BoardId, CardId, TagId};
use crate::values::{Color, TagName, clock};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// What it is called, as it was typed first.
    pub name: String,
    /// Its colour.
    pub color: Color,
}

impl Tag {
    /// The tag as it is now, for an event.
    pub fn snapshot(&self) -> TagSnapshot {
        TagSnapshot { id: self.id, name: self.name.clone(), color: self.color }
    }
}

/// A page of the tags of the cards that somebody sees, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<TagId>) -> Result<Vec<Tag>> {
    let tags = sqlx::query_as!(
        Tag,
        r#"select id as "id: TagId", name, color as "color: Color" from tags t
           where account_id = $1 and ($3::uuid is null or id > $3)
             and exists (select from taggings g
                         join cards c on c.account_id = $1 and c.id = g.card_id
                         join board_viewers v on v.account_id = $1 and v.board_id = c.board_id
                         where g.account_id = $1 and g.tag_id = t.id and v.user_id = $2)
           order by id limit $4"#,
        actor.account.id as _,
        actor.user_id as _,
        page.after as _,
        page.limit,
    );
    Ok(tags.fetch_all(pool).await?)
}

/// The tags of a board's cards, by name.
///
/// # Errors
/// A database that fails.
pub async fn of_board(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<Tag>> {
    let tags = sqlx::query_as!(
        Tag,
        r#"select id as "id: TagId", name, color as "color: Color" from tags t
           where account_id = $1
             and exists (select from taggings g
                         join cards c on c.account_id = $1 and c.id = g.card_id
                         where g.account_id = $1 and g.tag_id = t.id and c.board_id = $2)
           order by folded"#,
        account as _,
        board as _,
    );
    Ok(tags.fetch_all(executor).await?)
}

/// The tags of some cards, by name, in one query.
///
/// # Errors
/// A database that fails.
pub async fn of_cards(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    cards: &[CardId],
) -> Result<HashMap<CardId, Vec<Tag>>> {
    let rows = sqlx::query!(
        r#"select g.card_id as "card_id: CardId", t.id as "id: TagId", t.name,
               t.color as "color: Color"
           from taggings g join tags t on t.account_id = $1 and t.id = g.tag_id
           where g.account_id = $1 and g.card_id = any($2) order by t.folded"#,
        account as _,
        cards as _,
    )
    .fetch_all(executor)
    .await?;
    let mut tags: HashMap<CardId, Vec<Tag>> = HashMap::new();
    for row in rows {
        let tag = Tag { id: row.id, name: row.name, color: row.color };
        tags.entry(row.card_id).or_default().push(tag);
    }
    Ok(tags)
}

/// The tag of this name, in whatever case it was written; made if there is none yet.
///
/// It outlives its last card: another one may be about to carry it.
pub(super) async fn named(
    connection: &mut PgConnection,
    account: AccountId,
    name: &TagName,
) -> Result<Tag> {
    let folded = name.as_str().to_lowercase();
    if let Some(tag) = find(connection, account, &folded).await? {
        return Ok(tag);
    }
    insert(connection, account, name, &folded).await?;
    let made = find(connection, account, &folded).await?;
    Ok(made.ok_or(sqlx::Error::RowNotFound)?)
}

async fn find(
    connection: &mut PgConnection,
    account: AccountId,
    folded: &str,
) -> Result<Option<Tag>> {
    let tag = sqlx::query_as!(
        Tag,
        r#"select id as "id: TagId", name, color as "color: Color"
           from tags where account_id = $1 and folded = $2"#,
        account as _,
        folded,
    );
    Ok(tag.fetch_optional(connection).await?)
}

/// Makes a tag, unless somebody else has made it just now.
async fn insert(
    connection: &mut PgConnection,
    account: AccountId,
    name: &TagName,
    folded: &str,
) -> Result<()> {
    let others = sqlx::query_scalar!(
        r#"select count(*) as "count!" from tags where account_id = $1"#,
        account as _,
    );
    let others = others.fetch_one(&mut *connection).await?;
    sqlx::query!(
        "insert into tags (account_id, id, name, folded, color, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (account_id, folded) do nothing",
        account as _,
        TagId::new() as _,
        name.as_str(),
        folded,
        Color::nth(usize::try_from(others).unwrap_or(0) + 1) as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
