//! Cards as a board shows them.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::Result;
use super::marks::{Assignee, assignees_of};
use crate::domain::changed::{Changed, changed_of};
use crate::domain::tags::{self, Tag};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, TagId, UserId};

/// An open card as a board shows it.
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
    /// The tags it is marked with, by name.
    pub tags: Vec<Tag>,
    /// Whose work it is, the longest first.
    pub assignees: Vec<Assignee>,
    /// When it last changed, where it is shown who has seen what.
    pub changed: Option<Changed>,
}

struct Row {
    id: CardId,
    number: i64,
    column_id: ColumnId,
    title: String,
    comments: i64,
}

/// The faces of a board's open cards, in the order of each column, in four queries.
///
/// # Errors
/// A database that fails.
pub async fn faces_of_board(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<CardFace>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!"
           from cards c where account_id = $1 and board_id = $2
             and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)
           order by rank, id"#,
        account as _,
        board as _,
    );
    let rows = rows.fetch_all(&mut *connection).await?;
    with_marks(connection, account, rows).await
}

/// The faces of a column's open cards, in order, in four queries.
///
/// # Errors
/// A database that fails.
pub async fn faces_of_column(
    connection: &mut PgConnection,
    account: AccountId,
    column: ColumnId,
) -> Result<Vec<CardFace>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!"
           from cards c where account_id = $1 and column_id = $2
             and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)
           order by rank, id"#,
        account as _,
        column as _,
    );
    let rows = rows.fetch_all(&mut *connection).await?;
    with_marks(connection, account, rows).await
}

/// The face of a card, in one query; a closed one has none. Pages are told of a card far more often
/// than they are loaded.
///
/// # Errors
/// A database that fails.
pub async fn face(
    connection: &mut PgConnection,
    account: AccountId,
    id: CardId,
) -> Result<Option<CardFace>> {
    let row = sqlx::query!(
        r#"select id as "id: CardId", number, column_id as "column_id: ColumnId", title,
               (select count(*) from comments m where m.account_id = $1 and m.card_id = c.id) as "comments!",
               array(select (t.id, t.name, t.color)
                     from taggings g join tags t on t.account_id = $1 and t.id = g.tag_id
                     where g.account_id = $1 and g.card_id = c.id order by t.folded)
                   as "tags!: Vec<(TagId, String, Color)>",
               array(select (u.id, u.name, u.color)
                     from assignments a join users u on u.account_id = $1 and u.id = a.user_id
                     where a.account_id = $1 and a.card_id = c.id order by a.created_at, u.id)
                   as "assignees!: Vec<(UserId, String, Color)>",
               newest.sequence as "sequence?", newest.creator_id as "changer_id?: UserId"
           from cards c left join lateral (
               select a.sequence, a.creator_id from activities a
               where a.account_id = $1 and a.card_id = c.id and a.subject_type = any($3)
                 and exists (select from accounts where id = $1 and shows_receipts)
               order by a.sequence desc limit 1) newest on true
           where account_id = $1 and id = $2
             and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)"#,
        account as _,
        id as _,
        &Changed::kinds() as _,
    );
    let Some(row) = row.fetch_optional(connection).await? else { return Ok(None) };
    let tags = row.tags.into_iter().map(|(id, name, color)| Tag { id, name, color });
    let assignees = row.assignees.into_iter().map(|(id, name, color)| Assignee { id, name, color });
    Ok(Some(CardFace {
        id: row.id,
        number: row.number,
        column_id: row.column_id,
        title: row.title,
        comments: row.comments,
        tags: tags.collect(),
        assignees: assignees.collect(),
        changed: row.sequence.map(|sequence| Changed { sequence, creator_id: row.changer_id }),
    }))
}

/// Puts tags and people to the cards: one query for each, however many cards there are.
async fn with_marks(
    connection: &mut PgConnection,
    account: AccountId,
    rows: Vec<Row>,
) -> Result<Vec<CardFace>> {
    let ids: Vec<CardId> = rows.iter().map(|row| row.id).collect();
    let mut tags = tags::of_cards(&mut *connection, account, &ids).await?;
    let mut assignees: HashMap<CardId, Vec<Assignee>> =
        assignees_of(&mut *connection, account, &ids).await?;
    let mut changed = changed_of(connection, account, &ids).await?;
    let faces = rows.into_iter().map(|row| CardFace {
        id: row.id,
        number: row.number,
        column_id: row.column_id,
        title: row.title,
        comments: row.comments,
        tags: tags.remove(&row.id).unwrap_or_default(),
        assignees: assignees.remove(&row.id).unwrap_or_default(),
        changed: changed.remove(&row.id),
    });
    Ok(faces.collect())
}
