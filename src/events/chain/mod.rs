//! A chain of hashes over the log of an account, so that nobody changes what happened unseen.
//!
//! The cast: a [`Record`] is what is hashed of one event: its activity and its typed row, found by
//! [`Tables`] in the catalogue, so that no column is forgotten, as one line of JSON in which texts are
//! stood for by their digest. A [`struct@Hash`] binds a record to all before it. A [`Reader`] reads the log
//! window by window. The [`Sealer`] writes the hashes into `seals`, a little behind the head and in
//! nobody’s way. [`verify`] computes them anew, and a [`Finding`] says where something is not as it was.

pub mod archive;
mod check;
mod findings;
mod hash;
mod head;
mod json;
mod reader;
mod record;
mod sealed;
mod sealer;
mod strays;
mod tables;
mod verify;

pub use findings::Finding;
pub use hash::Hash;
pub use head::{BadHead, Head};
pub use reader::{Reader, Record};
pub use sealed::at as hash_at;
pub use sealer::{Sealer, seal};
pub use tables::Tables;
pub use verify::{Verified, verify};
