//! Who is told of an event, and what they have read.
//!
//! A kind says who is concerned; in the event's own transaction each of them but its creator gets
//! a notice, one for a card or an endpoint, which counts what they have not read. Opening the page of it reads it, and
//! their other open pages are told. What stays unread for a while goes out in one letter, to
//! those who want letters. Owners who want it get the head of the account’s log by mail, to keep it elsewhere.

mod consequence;
mod head_letters;
pub mod heads;
mod letters;
mod notices;
pub mod off;
mod reading;
mod refusals;

pub use consequence::Telling;
pub use head_letters::owe_heads;
pub use letters::owe_letters;
pub use notices::{Notice, Subject, followers, newest, unread};
pub use reading::{Reading, read_all, read_card, read_endpoint};
pub use refusals::{choose, wants_letters};
