//! Letters, sent or put in the outbox.
//!
//! A letter is owed in the transaction of what it tells of ([`Outgoing`]), sealed. With a
//! [`Relay`], a [`Mailer`] claims what is due under a lease, sends it, tries again for three days,
//! and keeps only that it was sent; without one, letters stay in the outbox.

mod body;
mod claim;
mod letter;
mod mailer;
mod message;
mod outbox;
mod outgoing;
mod relay;
mod retry;
mod words;

pub use body::{Block, Body};
pub use letter::{Attachment, Letter, Readers};
pub use mailer::Mailer;
pub use outbox::{Entry, State, of_account, of_machine, sweep};
pub use outgoing::Outgoing;
pub use relay::Relay;
