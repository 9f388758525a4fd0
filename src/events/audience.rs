//! Who is told of an event.

use crate::values::id::{CardId, EndpointId, UserId};

/// The people whom an event concerns; its creator is always left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Nobody in particular; it stands in the feed for whoever looks.
    Nobody,
    /// Those who follow the card.
    Watchers(CardId),
    /// These people, on account of a card.
    People {
        /// The card that their notice is about.
        card: CardId,
        /// Who they are.
        people: Vec<UserId>,
    },
    /// The admins, on account of a webhook endpoint.
    Admins(EndpointId),
}
