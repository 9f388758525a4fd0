//! What is looked at and what is found: a call as it was received, and what is known of it here.

use time::OffsetDateTime;

use crate::webhooks::signature::Signing;

/// What a receiver has in hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Received<'a> {
    /// The headers, a line each.
    pub headers: &'a str,
    /// The body.
    pub body: &'a str,
    /// The secret that it checks with; empty if it is not told.
    pub secret: &'a str,
    /// The signature that its own code came to; empty if it is not told.
    pub computed: &'a str,
}

/// What is known here.
#[derive(Debug)]
pub struct Known {
    /// What signs for the endpoint now.
    pub signing: Signing,
    /// The bytes that were sent, if the event is known.
    pub frozen: Option<Vec<u8>>,
    /// The present time.
    pub now: OffsetDateTime,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is as it should be.
    pub is_well: bool,
    /// What was found, in a sentence or two.
    pub words: String,
}

impl Finding {
    pub(super) fn well(words: impl Into<String>) -> Self {
        Self { is_well: true, words: words.into() }
    }

    pub(super) fn wrong(words: impl Into<String>) -> Self {
        Self { is_well: false, words: words.into() }
    }
}

/// A call as it was received, with its headers found.
pub(super) struct Call<'a> {
    pub(super) id: &'a str,
    pub(super) timestamp: i64,
    pub(super) body: &'a [u8],
}
