//! Adding a card.

use sqlx::PgConnection;

use super::place::{Place, Spot};
use super::{Actor, Card, Error, Result, watch};
use crate::domain::columns::{self, Column};
use crate::events::Log;
use crate::events::kinds::card_added::CardAdded;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId};
use crate::values::{Title, clock};

/// Adds a card at the end of a column, or of the board's first one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them; [`Error::ARCHIVED`] when it was put
/// away; [`Error::Invalid`] when the column is not of that board, or the board has none.
pub async fn add(
    log: &Log,
    actor: &Actor,
    board: BoardId,
    column: Option<ColumnId>,
    title: Title,
) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let column = lock_column(&mut change, actor, board, column).await?;
    let rank = Place::find(&mut change, account, column.id, Spot::Last, None).await?.rank();
    let now = clock::now();
    let card = Card {
        id: CardId::new(),
        number: next_number(&mut change, account).await?,
        board_id: board,
        column_id: column.id,
        rank,
        title: title.into_string(),
        description: String::new(),
        version: 1,
        creator_id: actor.user_id,
        created_at: now,
        updated_at: now,
    };
    insert(&mut change, account, &card).await?;
    card.let_be_found(&mut change, account).await?;
    watch(&mut change, account, card.id, actor.user_id).await?;
    change
        .record(CardAdded {
            board_id: board,
            card: card.snapshot(),
            column: column.snapshot(),
            rank: card.rank.clone(),
        })
        .await?;
    Ok(card)
}

async fn lock_column(
    connection: &mut PgConnection,
    actor: &Actor,
    board: BoardId,
    column: Option<ColumnId>,
) -> Result<Column> {
    let first = sqlx::query!(
        r#"select (select c.id from columns c where c.account_id = $1 and c.board_id = $2
                   order by c.rank, c.id limit 1) as "column: ColumnId",
               exists (select from board_archivals a
                       where a.account_id = $1 and a.board_id = $2) as "is_archived!"
           from board_viewers where account_id = $1 and board_id = $2 and user_id = $3"#,
        actor.account.id as _,
        board as _,
        actor.user_id as _,
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound)?;
    if first.is_archived {
        return Err(Error::ARCHIVED);
    }
    let id = column.or(first.column).ok_or_else(|| {
        Error::invalid("column_id", "This board has no columns yet; add one first.")
    })?;
    let column = columns::lock(connection, actor.account.id, id).await?;
    column
        .filter(|column| column.board_id == board)
        .ok_or_else(|| Error::invalid("column_id", "This board has no such column."))
}

async fn next_number(connection: &mut PgConnection, account: AccountId) -> Result<i64> {
    let number = sqlx::query_scalar!(
        "update card_numbers set last_number = last_number + 1 where account_id = $1
         returning last_number",
        account as _,
    );
    Ok(number.fetch_one(connection).await?)
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    account: AccountId,
    card: &Card,
) -> Result<()> {
    sqlx::query!(
        "insert into cards (account_id, id, number, board_id, column_id, rank, title, description,
             version, creator_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        account as _,
        card.id as _,
        card.number,
        card.board_id as _,
        card.column_id as _,
        card.rank.as_str(),
        card.title,
        card.description,
        card.version,
        card.creator_id as _,
        card.created_at,
        card.updated_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}
