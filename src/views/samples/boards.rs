//! Boards with made-up columns and cards.

use super::cards::{SHARP, people, tags};
use crate::domain::Changed;
use crate::domain::boards::{Board, BoardView};
use crate::domain::cards::CardFace;
use crate::domain::columns::Column;
use crate::values::id::{BoardId, CardId, ColumnId, UserId};
use crate::values::{BoardAccess, Color, clock};

pub(super) fn board() -> Board {
    Board {
        id: BoardId::new(),
        name: "Spring catalogue".to_owned(),
        color: Color::Clay,
        access: BoardAccess::Everyone,
        viewers: None,
        creator_id: UserId::new(),
        created_at: clock::now(),
        archived_at: None,
    }
}

pub(super) fn private_board() -> Board {
    Board { access: BoardAccess::Chosen, viewers: Some(3), ..board() }
}

pub(super) fn columns(board: BoardId) -> Vec<Column> {
    let names = ["To do", "Doing", "In review", "Done"];
    let colors = [Color::Stone, Color::Lake, Color::Ochre, Color::Moss];
    let columns = names.into_iter().zip(colors).map(|(name, color)| Column {
        id: ColumnId::new(),
        board_id: board,
        name: name.to_owned(),
        color,
    });
    columns.collect()
}

pub(super) fn board_view() -> BoardView {
    let board = board();
    let titles = [
        "Photograph the new waymarks before the snow",
        "Write the letter to the hut wardens",
        "Proof the Greek place names",
        "Check every bus time against the winter timetable",
        SHARP,
        "Pick the paper for the cover",
        "Redraw the north ridge at 1:25 000",
    ];
    let mut numbered = (100..).zip(titles);
    let columns = columns(board.id).into_iter().zip([3, 2, 2, 0]).map(|(column, many)| {
        let faces = numbered.by_ref().take(many).map(|(number, title)| CardFace {
            id: CardId::new(),
            number,
            column_id: column.id,
            title: title.to_owned(),
            comments: number % 3,
            tags: tags(usize::try_from(number % 3).unwrap_or(0)),
            assignees: people(usize::try_from(number % 4).unwrap_or(0)),
            changed: Some(Changed { sequence: number, creator_id: None }),
        });
        let faces = faces.collect();
        (column, faces)
    });
    let columns = columns.collect();
    BoardView { board, columns }
}
