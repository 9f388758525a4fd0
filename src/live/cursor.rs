//! A place in an account's log: the epoch of the database, and a sequence in it.

use std::fmt;
use std::str::FromStr;

/// Up to where a page knows what happened. After a restored backup the epoch is another one, so
/// that a place in the old log is not taken for one in the new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// What [`crate::db::epoch`] said.
    pub epoch: String,
    /// The newest sequence that is known.
    pub sequence: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.sequence)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (epoch, sequence) = text.split_once('.').ok_or(())?;
        let sequence = sequence.parse().map_err(|_| ())?;
        Ok(Self { epoch: epoch.to_owned(), sequence })
    }
}
