//! Who may do what to what: verbs and reads of the business; SQL lives here.
//!
//! A verb is one function, one transaction and one event of its own: it changes the state and
//! ends by recording. It never calls the feed, live pages, webhooks or notifications. What
//! somebody may not see is not found; what they see but may not change is forbidden. Every verb
//! takes the [`Actor`] who asks, and the actor alone decides.

mod account;
pub mod accounts;
pub mod actor;
mod argon2id;
mod assignments;
pub mod audit;
pub mod boards;
pub mod cards;
mod changed;
pub mod columns;
pub mod comments;
pub mod erasures;
mod error;
pub mod feed;
pub mod idempotency_keys;
pub mod identities;
pub mod invitations;
pub mod letters;
pub mod members;
mod origins;
mod page;
pub mod password_links;
pub mod passwords;
pub mod replay;
pub mod restorations;
pub mod search;
pub mod sessions;
pub mod sign_ins;
mod standing;
pub mod tags;
pub mod tokens;
pub mod users;

pub use account::Account;
pub use actor::{Access, Actor};
pub use changed::Changed;
pub use error::{Error, FieldError, Result};
pub use letters::{Letters, NoLetters};
pub use origins::Origins;
pub use page::Page;
