//! The words of the business: parsed once, valid for ever; no I/O.
//!
//! A value that exists is right: there is no way to make a [`Title`] of 300 characters or an
//! [`Email`] without an at sign, so nothing above this floor checks again.

pub mod at;
pub mod board_access;
pub mod cell;
pub mod clock;
pub mod color;
pub mod day;
pub mod email;
pub mod every;
pub mod excerpt;
pub mod id;
pub mod idempotency_key;
pub mod invalid;
pub mod moment;
pub mod rank;
pub mod return_path;
pub mod role;
pub mod search_query;
pub mod secret;
pub mod slug;
pub mod text;
pub mod tracked;
pub mod tracking_days;
pub mod words;
pub mod zone;

pub use at::{At, NEWEST};
pub use board_access::{BoardAccess, Grantee};
pub use color::Color;
pub use day::Day;
pub use email::Email;
pub use every::Every;
pub use excerpt::Excerpt;
pub use idempotency_key::IdempotencyKey;
pub use invalid::Invalid;
pub use moment::Moment;
pub use rank::Rank;
pub use return_path::ReturnPath;
pub use role::{Role, Scope};
pub use search_query::SearchQuery;
pub use slug::Slug;
pub use text::{CommentBody, Description, Name, TagName, Title};
pub use tracked::Tracked;
pub use tracking_days::TrackingDays;
pub use zone::Zone;
