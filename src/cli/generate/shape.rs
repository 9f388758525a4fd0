//! What a kind's fields say of the whole: where its events happen, and in which columns they stand.

use super::field::{Column, Field, Type};

/// What a kind's fields say of the whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Whether it keeps texts, which can be erased.
    pub(super) has_texts: bool,
    /// Whether it happens to a card of its own.
    pub(super) on_card: bool,
    /// On which board, if on any.
    pub(super) board: Option<Board>,
}

/// How a kind knows the board that its events happen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Board {
    /// It holds the board itself.
    Held,
    /// It holds what stands on a board, and the board's id beside it.
    ById,
}

impl Shape {
    /// The shape of a kind with these fields.
    pub(super) fn of(fields: &[Field]) -> Self {
        let has = |name: &str, of| fields.iter().any(|field| field.name == name && field.of == of);
        let stands_on_board = |field: &Field| matches!(field.of, Type::Card | Type::Column);
        let board = match has("board", Type::Board) {
            true => Some(Board::Held),
            false => fields.iter().any(stands_on_board).then_some(Board::ById),
        };
        let has_texts = fields.iter().flat_map(Field::columns).any(|column| column.is_text);
        Self { has_texts, on_card: has("card", Type::Card), board }
    }
}

/// The columns of a kind's own, in their order.
pub(super) fn columns(fields: &[Field], shape: Shape) -> Vec<Column> {
    let board = Column {
        name: "board_id".to_owned(),
        sql: "uuid not null",
        rust: Some("BoardId"),
        written: "event.board_id".to_owned(),
        is_text: false,
    };
    let board = (shape.board == Some(Board::ById)).then_some(board);
    board.into_iter().chain(fields.iter().flat_map(Field::columns)).collect()
}
