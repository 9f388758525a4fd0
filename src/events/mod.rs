//! What happened: the kinds of events, the log they are recorded in, and reading it back.
//!
//! The cast: an [`Event`] is a typed record of one thing that happened; its [`Kind`] is what all
//! events of its type share, and stands in one file of [`kinds`]. A [`Change`] is a transaction
//! that can only end by recording the events that say what it did. The activities are the log of
//! an account, numbered without gaps in the order of commits. A [`Consequence`] owes what follows
//! from an event in the same transaction; it is declared here, implemented above, and listed once
//! by the roof: the arrow points down, the call goes up.

pub mod account_as_it_was;
mod addresses;
pub mod audience;
pub mod board_as_it_was;
pub mod cache;
pub mod carried_out;
pub mod chain;
pub mod checkpoints;
pub mod consequence;
pub mod creator;
pub mod envelope;
pub mod erasure;
pub mod history;
pub mod kind;
pub mod kinds;
pub mod log;
pub mod rebuilding;
mod record;
pub mod region;
pub mod schema;
pub mod sentence;
pub mod snapshot;
pub mod story;
pub mod telling;
pub mod texts;
pub mod undoing;

pub use account_as_it_was::AccountAsItWas;
pub use audience::Audience;
pub use board_as_it_was::BoardAsItWas;
pub use consequence::{Consequence, Entry, Owed, Pending};
pub use creator::{AccountRef, Creator, Source};
pub use envelope::Envelope;
pub use history::Activity;
pub use kind::{Event, Header, Kind, Place, Shows};
pub use kinds::{KINDS, nouns};
pub use log::{Change, Committed, Log, Recorded};
pub use rebuilding::{Rebuilding, rebuild};
pub use region::Region;
pub use sentence::{Part, Sentence};
pub use snapshot::{
    BoardSnapshot, CardSnapshot, ColumnSnapshot, CommentSnapshot, EndpointSnapshot, TagSnapshot,
};
pub use story::Story;
pub use telling::{stories_of, story_of};
pub use undoing::Undoing;
