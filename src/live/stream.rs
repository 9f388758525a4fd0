//! What a page may follow.

use std::fmt;
use std::str::FromStr;

use crate::values::id::{BoardId, CardId, EndpointId, UserId};

/// A stream of fragments; what it carries is the same for everybody who follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// A board: its columns and the cards in them.
    Board(BoardId),
    /// A board's feed.
    BoardActivities(BoardId),
    /// A card's own page: its sheet and its comments.
    Card(CardId),
    /// A card's feed.
    CardActivities(CardId),
    /// The feed of the account.
    AccountActivities,
    /// That the feed of the account has moved on, for pages which show a choice of it: they load
    /// themselves anew.
    AccountRefreshes,
    /// The log of a webhook endpoint.
    Deliveries(EndpointId),
    /// What concerns one person: how many notices they have not read.
    User(UserId),
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board(id) => write!(f, "board:{id}"),
            Self::BoardActivities(id) => write!(f, "board:{id}:activities"),
            Self::Card(id) => write!(f, "card:{id}"),
            Self::CardActivities(id) => write!(f, "card:{id}:activities"),
            Self::AccountActivities => f.write_str("account:activities"),
            Self::AccountRefreshes => f.write_str("account:refreshes"),
            Self::Deliveries(id) => write!(f, "endpoint:{id}:deliveries"),
            Self::User(id) => write!(f, "user:{id}"),
        }
    }
}

impl FromStr for Stream {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["board", id] => id.parse().map(Self::Board).map_err(drop),
            ["board", id, "activities"] => id.parse().map(Self::BoardActivities).map_err(drop),
            ["card", id] => id.parse().map(Self::Card).map_err(drop),
            ["card", id, "activities"] => id.parse().map(Self::CardActivities).map_err(drop),
            ["account", "activities"] => Ok(Self::AccountActivities),
            ["account", "refreshes"] => Ok(Self::AccountRefreshes),
            ["endpoint", id, "deliveries"] => id.parse().map(Self::Deliveries).map_err(drop),
            ["user", id] => id.parse().map(Self::User).map_err(drop),
            _ => Err(()),
        }
    }
}
