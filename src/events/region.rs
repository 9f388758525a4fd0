//! What an event changes on a screen.

use crate::values::id::{BoardId, CardId, ColumnId, CommentId, UserId};

/// A part of a page that is out of date once the event has happened. Whoever shows it renders it
/// anew from the present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// A board's name, and how many people see it.
    Board(BoardId),
    /// All of a board's page: what may be done there is another thing.
    BoardPage(BoardId),
    /// Which columns a board has, and in what order.
    Columns(BoardId),
    /// Which cards a column holds, and in what order.
    Column(ColumnId),
    /// A card's own words and counts, wherever it is shown.
    Card(CardId),
    /// A card's own page as a whole: the card went to another board, or is gone.
    CardPage(CardId),
    /// Whether what names a card leads to it: the card is there again.
    CardLinks(CardId),
    /// Whether a comment stands under its card.
    Comment(CommentId),
    /// What a comment says.
    CommentText(CommentId),
    /// The people of the account.
    Members,
    /// What somebody may see at all; none: everybody.
    Sight(Option<UserId>),
}
