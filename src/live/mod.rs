//! Committed events pushed to open pages as Turbo Streams.
//!
//! The cast: a [`Stream`] is what a page may follow; its [`Name`] says who may follow it and from
//! where in the log, and is signed as Rails signs stream names. The [`Hub`] follows the log of
//! the accounts that somebody watches here, renders what changed once for each stream and shares
//! it. The protocols are pure machines: text in, text out; the socket is a thin shell above.
//!
//! Nothing is missed because the place in the log stands in the name: whatever was committed
//! after the page was rendered is read from the log when it subscribes, comes back or falls
//! behind. A notification is only a hint to look; looking once a second is the promise.

pub mod access;
#[cfg(test)]
mod any_text;
pub mod budget;
pub mod cable;
mod catch_up;
mod closing;
mod concern;
pub mod cursor;
mod deliveries;
mod doubt;
pub mod event_stream;
pub mod following;
pub mod fragments;
pub mod frame;
mod here;
mod hints;
pub mod hub;
mod listen;
mod missed;
pub mod name;
mod presence;
mod readings;
mod receipts;
pub mod refreshes;
pub mod ring;
pub mod signature;
pub mod sockets;
mod stale;
pub mod stream;
mod tail;

pub use access::Credential;
pub use cursor::Cursor;
pub use following::{Following, Told};
pub use frame::Frame;
pub use hub::{Hub, Subscription};
pub use name::Name;
pub use refreshes::Refreshes;
pub use stream::Stream;
