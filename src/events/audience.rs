//! Who is told of an event.

use crate::values::id::CardId;

/// The people whom an event concerns; its creator is always left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Nobody in particular; it stands in the feed for whoever looks.
    Nobody,
    /// Those who follow the card.
    Watchers(CardId),
}
