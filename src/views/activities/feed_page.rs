//! What the page of a feed shows, and where it is.

use crate::domain::boards::Board;
use maud::Markup;

use crate::domain::feed::Filter;
use crate::domain::users::User;
use crate::values::Slug;
use crate::views::paths;

/// Whose feed a page shows.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// The whole account's.
    Account,
    /// A board's.
    Board(&'a Board),
    /// A member's.
    Person(&'a User),
}

impl Of<'_> {
    /// The address of the feed, not narrowed.
    pub(super) fn path(self, slug: &Slug) -> String {
        match self {
            Self::Account => paths::within(slug, "activity"),
            Self::Board(board) => format!("{}/activity", paths::board(slug, board.id)),
            Self::Person(user) => paths::person(slug, user.id),
        }
    }
}

/// The lines of a page, which are the same for all who see the same boards.
#[derive(Debug, Clone)]
pub struct Lines {
    /// They themselves.
    pub html: Markup,
    /// Where the next page begins, if there may be more.
    pub next: Option<i64>,
}

/// What the page of a feed shows.
#[derive(Debug, Clone, Copy)]
pub struct FeedPage<'a> {
    /// Whose feed.
    pub of: Of<'a>,
    /// What it is narrowed to besides.
    pub filter: &'a Filter,
    /// The boards that can be chosen.
    pub boards: &'a [Board],
    /// The people who can be chosen.
    pub people: &'a [User],
    /// The lines.
    pub lines: &'a Lines,
    /// Where an older page begins; none on the newest one.
    pub before: Option<i64>,
    /// Up to where the viewer has read the account's feed, if they have been here before.
    pub seen: Option<i64>,
}
