//! A board as the tables have it, in the shape that its events come to.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::domain::Result;
use crate::events::BoardAsItWas;
use crate::events::board_as_it_was::{CardAsItWas, ColumnAsItWas, Stamp, TagAsItWas};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, TagId, UserId};
use crate::values::{BoardAccess, Color, Rank};

/// A board as the tables have it now; of tags those that its cards are marked with.
///
/// # Errors
/// A database that fails.
pub async fn stored_board(
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
) -> Result<Option<BoardAsItWas>> {
    let Some(board) = board(&mut *connection, account, id).await? else { return Ok(None) };
    let columns = columns(&mut *connection, account, id).await?;
    let cards = cards(&mut *connection, account, id).await?;
    let used: BTreeSet<TagId> = cards.values().flat_map(|card| &card.tags).copied().collect();
    let tags = tags(connection, account, used).await?;
    Ok(Some(BoardAsItWas { columns, cards, tags, ..board }))
}

async fn board(
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
) -> Result<Option<BoardAsItWas>> {
    let row = sqlx::query!(
        r#"select name, color as "color: Color", access as "access: BoardAccess",
               b.creator_id as "creator_id: UserId", b.created_at,
               array(select user_id from board_accesses
                     where account_id = $1 and board_id = $2) as "chosen!: Vec<UserId>",
               a.archiver_id as "archiver_id?: UserId", a.created_at as "archived_at?"
           from boards b left join board_archivals a on a.account_id = $1 and a.board_id = b.id
           where b.account_id = $1 and b.id = $2"#,
        account as _,
        id as _,
    );
    let row = row.fetch_optional(connection).await?;
    Ok(row.map(|row| BoardAsItWas {
        made: Some(Stamp { at: row.created_at, by: Some(row.creator_id) }),
        name: row.name,
        color: Some(row.color),
        access: row.access,
        chosen: row.chosen.into_iter().collect(),
        archived: row.archived_at.map(|at| Stamp { at, by: row.archiver_id }),
        ..BoardAsItWas::default()
    }))
}

async fn columns(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<BTreeMap<ColumnId, ColumnAsItWas>> {
    let rows = sqlx::query!(
        r#"select id as "id: ColumnId", name, color as "color: Color", rank as "rank: Rank"
           from columns where account_id = $1 and board_id = $2"#,
        account as _,
        board as _,
    );
    let columns =
        rows.fetch_all(connection).await?.into_iter().map(|row| {
            (row.id, ColumnAsItWas { name: row.name, color: row.color, rank: row.rank })
        });
    Ok(columns.collect())
}

/// A card as its row and those beside it have it.
struct Row {
    id: CardId,
    number: i64,
    title: String,
    description: String,
    column_id: ColumnId,
    rank: Rank,
    comments: i64,
    closed_at: Option<OffsetDateTime>,
    closer_id: Option<UserId>,
    assignees: Vec<UserId>,
    tags: Vec<TagId>,
}

async fn cards(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<BTreeMap<CardId, CardAsItWas>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: CardId", number, title, description,
               column_id as "column_id: ColumnId", rank as "rank: Rank",
               (select count(*) from comments m
                where m.account_id = $1 and m.card_id = c.id) as "comments!",
               k.created_at as "closed_at?", k.closer_id as "closer_id?: UserId",
               array(select user_id from assignments a
                     where a.account_id = $1 and a.card_id = c.id
                     order by a.created_at, user_id) as "assignees!: Vec<UserId>",
               array(select tag_id from taggings t
                     where t.account_id = $1 and t.card_id = c.id) as "tags!: Vec<TagId>"
           from cards c left join closures k on k.account_id = $1 and k.card_id = c.id
           where c.account_id = $1 and c.board_id = $2"#,
        account as _,
        board as _,
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(Row::card).collect())
}

impl Row {
    fn card(self) -> (CardId, CardAsItWas) {
        let card = CardAsItWas {
            number: self.number,
            title: self.title,
            description: self.description,
            column_id: self.column_id,
            rank: self.rank,
            comments: self.comments,
            closed: self.closed_at.map(|at| Stamp { at, by: self.closer_id }),
            assignees: self.assignees,
            tags: self.tags.into_iter().collect(),
        };
        (self.id, card)
    }
}

async fn tags(
    connection: &mut PgConnection,
    account: AccountId,
    used: BTreeSet<TagId>,
) -> Result<BTreeMap<TagId, TagAsItWas>> {
    let used: Vec<TagId> = used.into_iter().collect();
    let rows = sqlx::query!(
        r#"select id as "id: TagId", name, color as "color: Color"
           from tags where account_id = $1 and id = any($2)"#,
        account as _,
        &used as _,
    );
    let tags = rows.fetch_all(connection).await?.into_iter();
    Ok(tags.map(|row| (row.id, TagAsItWas { name: row.name, color: row.color })).collect())
}
