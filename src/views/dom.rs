//! The ids of elements that streams aim at; minted here only, so that none can miss.

use crate::values::id::{AttemptId, ColumnId, CommentId, DeliveryId, EventId};

/// The name of the board that a page shows, and who sees it.
pub const BOARD_HEAD: &str = "board_head";
/// The columns of the board that a page shows.
pub const BOARD_COLUMNS: &str = "board_columns";
/// The comments of the card that a page shows.
pub const COMMENTS: &str = "comments";
/// The feed of a page.
pub const ACTIVITIES: &str = "activities";
/// The part of a page that is the log of an endpoint.
pub const LOG: &str = "log";
/// The deliveries that a page shows.
pub const DELIVERIES: &str = "deliveries";
/// How many notices the viewer has not read.
pub const NOTICE_COUNT: &str = "notice_count";
/// Who has seen what the page shows, and who has not.
pub const SEEN: &str = "seen";
/// Who looks at the page now.
pub const PRESENCE: &str = "presence";

/// A column of a board.
pub fn column(id: ColumnId) -> String {
    format!("column_{id}")
}

/// The list of cards in a column.
pub fn column_cards(id: ColumnId) -> String {
    format!("column_{id}_cards")
}

/// How many cards a column has.
pub fn column_count(id: ColumnId) -> String {
    format!("column_{id}_count")
}

/// A card on a board.
pub fn card(number: i64) -> String {
    format!("card_{number}")
}

/// The sheet of a card on its own page.
pub fn sheet(number: i64) -> String {
    format!("sheet_{number}")
}

/// Whose work a card is and its tags, beside its sheet.
pub fn facts(number: i64) -> String {
    format!("facts_{number}")
}

/// A comment.
pub fn comment(id: CommentId) -> String {
    format!("comment_{id}")
}

/// A line of a feed.
pub fn activity(id: EventId) -> String {
    format!("activity_{id}")
}

/// An entry of a history.
pub fn entry(sequence: i64) -> String {
    format!("entry_{sequence}")
}

/// What changed by an entry of a history.
pub fn changes(sequence: i64) -> String {
    format!("changes_{sequence}")
}

/// A delivery in the log of its endpoint.
pub fn delivery(id: DeliveryId) -> String {
    format!("delivery_{id}")
}

/// A try at a delivery.
pub fn attempt(id: AttemptId) -> String {
    format!("attempt_{id}")
}
