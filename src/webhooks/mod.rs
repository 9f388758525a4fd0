//! What is owed to webhook endpoints, and how it gets there.
//!
//! A delivery is owed in the transaction of its event ([`Owing`]) with the bytes frozen then. The
//! [`Deliverer`] claims what is due, endpoint by endpoint, sends it signed, and records each try.
//! How an endpoint is follows from its tries ([`health`]); while it is not called, what is owed to
//! it is held.

pub mod address;
pub mod attempts;
pub mod backlog;
pub mod changes;
mod claim;
mod claimed;
mod consequence;
pub mod deliveries;
pub mod diagnosis;
mod drain;
pub mod endpoints;
mod erasure;
pub mod events;
pub mod format;
pub mod headers;
pub mod health;
mod held;
pub mod keys;
mod lanes;
mod listener;
pub mod measures;
mod outcome;
mod owe;
pub mod pace;
mod probe;
mod recorder;
pub mod replays;
pub mod retention;
pub mod retry;
mod room;
mod secrets;
pub mod send;
pub mod sent;
pub mod signature;
pub mod trial;
mod unseal;
pub mod verify;

pub use address::Guard;
pub use claim::look_at_all;
pub use consequence::Owing;
pub use drain::Deliverer;
pub use endpoints::Endpoint;
pub use erasure::Forgetting;
pub use replays::Replayer;
pub use secrets::signing;
pub use trial::Trials;
