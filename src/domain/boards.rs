//! Boards, and a board with all that stands on it.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::cards::{self, CardFace};
use super::columns::{self, Column};
use super::{Actor, Error, Page, Result};
use crate::events::kinds::board_created::BoardCreated;
use crate::events::{BoardSnapshot, Log};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{Color, Name, clock};

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Board {
    /// Its id.
    pub id: BoardId,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// Who made it.
    pub creator_id: UserId,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A board with how much stands on it.
#[derive(Debug, Clone)]
pub struct BoardSummary {
    /// The board.
    pub board: Board,
    /// How many columns it has.
    pub columns: i64,
    /// How many open cards it has.
    pub cards: i64,
}

/// A board with its columns and their cards.
#[derive(Debug, Clone)]
pub struct BoardView {
    /// The board.
    pub board: Board,
    /// Its columns in order, each with its open cards in order.
    pub columns: Vec<(Column, Vec<CardFace>)>,
}

/// The boards somebody sees, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn all(pool: &PgPool, actor: &Actor) -> Result<Vec<BoardSummary>> {
    let rows = sqlx::query!(
        r#"select id as "id: BoardId", name, color as "color: Color", creator_id as "creator_id: UserId",
               created_at,
               (select count(*) from columns c where c.account_id = $1 and c.board_id = b.id) as "columns!",
               (select count(*) from cards c where c.account_id = $1 and c.board_id = b.id
                  and not exists (select from closures k
                                  where k.account_id = $1 and k.card_id = c.id)) as "cards!"
           from boards b join board_viewers v on v.account_id = $1 and v.board_id = b.id
           where b.account_id = $1 and v.user_id = $2 order by id"#,
        actor.account.id as _,
        actor.user_id as _,
    )
    .fetch_all(pool)
    .await?;
    let summaries = rows.into_iter().map(|row| BoardSummary {
        board: Board {
            id: row.id,
            name: row.name,
            color: row.color,
            creator_id: row.creator_id,
            created_at: row.created_at,
        },
        columns: row.columns,
        cards: row.cards,
    });
    Ok(summaries.collect())
}

/// A page of the boards somebody sees, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<BoardId>) -> Result<Vec<Board>> {
    let boards = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               creator_id as "creator_id: UserId", created_at
           from boards b where account_id = $1 and ($3::uuid is null or id > $3)
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)
           order by id limit $4"#,
        actor.account.id as _,
        actor.user_id as _,
        page.after as _,
        page.limit,
    );
    Ok(boards.fetch_all(pool).await?)
}

/// A board that somebody sees.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn find(pool: &PgPool, actor: &Actor, id: BoardId) -> Result<Board> {
    let board = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               creator_id as "creator_id: UserId", created_at
           from boards b where account_id = $1 and id = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = b.id and v.user_id = $2)"#,
        actor.account.id as _,
        actor.user_id as _,
        id as _,
    );
    board.fetch_optional(pool).await?.ok_or(Error::NotFound)
}

/// A board of an account, for what is not done in a person's name.
///
/// # Errors
/// A database that fails.
pub async fn by_id(pool: &PgPool, account: AccountId, id: BoardId) -> Result<Option<Board>> {
    let board = sqlx::query_as!(
        Board,
        r#"select id as "id: BoardId", name, color as "color: Color",
               creator_id as "creator_id: UserId", created_at
           from boards where account_id = $1 and id = $2"#,
        account as _,
        id as _,
    );
    Ok(board.fetch_optional(pool).await?)
}

/// A board with all that stands on it, in five queries.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them.
pub async fn view(pool: &PgPool, actor: &Actor, id: BoardId) -> Result<BoardView> {
    let board = find(pool, actor, id).await?;
    let columns = with_cards(pool, actor.account.id, id).await?;
    Ok(BoardView { board, columns })
}

/// The columns of a board in order, each with its open cards in order.
///
/// # Errors
/// A database that fails.
pub async fn with_cards(
    pool: &PgPool,
    account: AccountId,
    id: BoardId,
) -> Result<Vec<(Column, Vec<CardFace>)>> {
    let columns = columns::of_board(pool, account, id).await?;
    let mut cards = cards::faces_of_board(pool, account, id).await?;
    let with_cards = columns.into_iter().map(|column| {
        let cards = cards.extract_if(.., |card| card.column_id == column.id).collect();
        (column, cards)
    });
    Ok(with_cards.collect())
}

/// Makes a board, without columns yet.
///
/// # Errors
/// [`Error::Forbidden`] with a token that only reads.
pub async fn create(log: &Log, actor: &Actor, name: Name) -> Result<Board> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let boards = sqlx::query_scalar!(
        r#"select count(*) as "count!" from boards where account_id = $1"#,
        actor.account.id as _,
    )
    .fetch_one(&mut *change)
    .await?;
    let board = Board {
        id: BoardId::new(),
        name: name.into_string(),
        color: Color::nth(usize::try_from(boards).unwrap_or(0) + 5),
        creator_id: actor.user_id,
        created_at: clock::now(),
    };
    sqlx::query!(
        "insert into boards (account_id, id, name, color, creator_id, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        actor.account.id as _,
        board.id as _,
        board.name,
        board.color.as_str(),
        board.creator_id as _,
        board.created_at,
    )
    .execute(&mut *change)
    .await?;
    let snapshot = BoardSnapshot { id: board.id, name: board.name.clone() };
    change.record(BoardCreated { board: snapshot, color: board.color }).await?;
    Ok(board)
}
