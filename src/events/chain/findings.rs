//! What is not as it was, in words.

use std::fmt;

use uuid::Uuid;

/// Something in the log of an account that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// An event, its typed row or its details were changed, or stand where another stood.
    Changed {
        /// Its number in the log.
        sequence: i64,
        /// The name of its kind.
        kind: String,
    },
    /// The words of an event are not those that its digest was made over.
    TextsChanged {
        /// Its number in the log.
        sequence: i64,
        /// The table in which they stand.
        table: String,
    },
    /// The address that an event came from is not the one that its digest was made over.
    AddressChanged {
        /// The event's number in the log.
        sequence: i64,
    },
    /// Events are gone.
    Removed {
        /// The first number that is missing.
        first: i64,
        /// The last one.
        last: i64,
    },
    /// The typed row of an event is gone.
    RowRemoved {
        /// The event's number in the log.
        sequence: i64,
        /// The table in which it stood.
        table: String,
    },
    /// The row of an address that an event points at is gone.
    AddressRemoved {
        /// The event's number in the log.
        sequence: i64,
    },
    /// An event of a kind that there is not.
    Unknown {
        /// Its number in the log.
        sequence: i64,
        /// What it says to be.
        kind: String,
    },
    /// Events beyond the number that the account's log has come to.
    Inserted {
        /// The first of them.
        first: i64,
        /// The last of them.
        last: i64,
    },
    /// A row of a typed table that no event points at.
    RowInserted {
        /// The table.
        table: String,
        /// The row's id.
        id: Uuid,
    },
    /// A hash is not the one that was written.
    SealChanged {
        /// The number in the log that it is for.
        sequence: i64,
    },
    /// Hashes are missing although later ones are there.
    Unsealed {
        /// The first number in the log without one.
        first: i64,
        /// The last one.
        last: i64,
    },
    /// The log is not the one that a head was taken of.
    OtherHead {
        /// Where the head was taken.
        sequence: i64,
    },
}

impl Finding {
    /// The number in the log that it is about, where it has one.
    pub fn sequence(&self) -> Option<i64> {
        match self {
            Self::Changed { sequence, .. }
            | Self::TextsChanged { sequence, .. }
            | Self::AddressChanged { sequence }
            | Self::RowRemoved { sequence, .. }
            | Self::AddressRemoved { sequence }
            | Self::Unknown { sequence, .. }
            | Self::SealChanged { sequence }
            | Self::OtherHead { sequence } => Some(*sequence),
            Self::Removed { first, .. }
            | Self::Inserted { first, .. }
            | Self::Unsealed { first, .. } => Some(*first),
            Self::RowInserted { .. } => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { sequence, kind } => {
                write!(f, "sequence {sequence} was changed, in activities or in {kind}")
            }
            Self::TextsChanged { sequence, table } => {
                write!(f, "sequence {sequence} was changed: words in {table} are not those of then")
            }
            Self::AddressChanged { sequence } => {
                write!(
                    f,
                    "sequence {sequence} was changed: its row in addresses is not that of then"
                )
            }
            Self::Removed { first, last } => {
                write!(f, "{} removed from activities", Span(*first, *last))
            }
            Self::RowRemoved { sequence, table } => {
                write!(f, "sequence {sequence} was removed from {table}")
            }
            Self::AddressRemoved { sequence } => {
                write!(f, "sequence {sequence} was changed: its row in addresses was removed")
            }
            Self::Unknown { sequence, kind } => {
                write!(f, "sequence {sequence} was changed: there is no kind “{kind}”")
            }
            Self::Inserted { first, last } => {
                write!(
                    f,
                    "{} inserted into activities: the log has not come so far",
                    Span(*first, *last)
                )
            }
            Self::RowInserted { table, id } => {
                write!(f, "{id} was inserted into {table}: no activity points at it")
            }
            Self::SealChanged { sequence } => {
                write!(f, "sequence {sequence} was changed in seals; the event is as it was")
            }
            Self::Unsealed { first, last } => {
                write!(f, "{} removed from seals", Span(*first, *last))
            }
            Self::OtherHead { sequence } => {
                write!(
                    f,
                    "the log is another one at sequence {sequence} than when the head was taken"
                )
            }
        }
    }
}

/// One sequence that was, or several that were.
struct Span(i64, i64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(first, last) if first == last => write!(f, "sequence {first} was"),
            Self(first, last) => write!(f, "sequences {first} to {last} were"),
        }
    }
}
