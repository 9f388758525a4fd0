//! Who is told of an event, and what they have read.
//!
//! A kind says who is concerned; in the event's own transaction each of them but its creator gets
//! a notice, one for a card, which counts what they have not read. Opening the card reads it, and
//! their other open pages are told.

mod consequence;
mod notices;
mod reading;

pub use consequence::Telling;
pub use notices::{Notice, newest, unread};
pub use reading::{Reading, read_all, read_card};
