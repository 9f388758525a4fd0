//! A board with all that stands on it.

use sqlx::PgConnection;

use super::{Board, find};
use crate::domain::cards::{self, CardFace};
use crate::domain::columns::{self, Column};
use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, BoardId};

/// A board with its columns and their cards.
#[derive(Debug, Clone)]
pub struct BoardView {
    /// The board.
    pub board: Board,
    /// Its columns in order, each with its cards in order.
    pub columns: Vec<(Column, Vec<CardFace>)>,
}

/// A board with all that stands on it, in three queries.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is none such for them.
pub async fn view(connection: &mut PgConnection, actor: &Actor, id: BoardId) -> Result<BoardView> {
    let board = find(&mut *connection, actor, id).await?;
    let columns = with_cards(connection, actor.account.id, id).await?;
    Ok(BoardView { board, columns })
}

/// The columns of a board in order, each with its cards in order.
///
/// # Errors
/// A database that fails.
pub async fn with_cards(
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
) -> Result<Vec<(Column, Vec<CardFace>)>> {
    let columns = columns::of_board(&mut *connection, account, id).await?;
    let mut cards = cards::faces_of_board(connection, account, id).await?;
    let with_cards = columns.into_iter().map(|column| {
        let cards = cards.extract_if(.., |card| card.column_id == column.id).collect();
        (column, cards)
    });
    Ok(with_cards.collect())
}
