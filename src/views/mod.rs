//! How it looks: functions from data to HTML.
//!
//! One file a noun, as on the other floors. A page is a function from a [`Page`] (who looks, and
//! what surrounds them) and the noun's data to `Markup`. Fragments that live pages send are the
//! same functions that the pages use, and name nobody who looks: "you", days and relative times
//! are put in by the browser.

pub mod accounts;
pub mod activities;
pub mod api_docs;
pub mod assets;
pub mod assignments;
pub mod audit;
pub mod audit_docs;
pub mod avatar;
pub mod board_moves;
pub mod boards;
pub mod brand;
pub mod cards;
pub mod closures;
pub mod columns;
pub mod comments;
pub mod deletions;
pub mod deliveries;
mod diff;
pub mod docs;
pub mod dom;
pub mod erasures;
pub mod errors;
pub mod event_catalogue;
pub mod form;
pub mod history;
pub mod icon;
pub mod insights;
pub mod invitations;
mod kinds;
pub mod layout;
pub mod markdown;
pub mod members;
mod menu;
pub mod moves;
pub mod notice_count;
pub mod notifications;
pub mod outbox;
pub mod password_links;
pub mod paths;
pub mod presence;
pub mod privacy;
pub mod profile;
pub mod receivers;
pub mod restorations;
pub mod search;
pub mod seen;
pub mod sentence;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sign_ins;
pub mod stream;
pub mod tags;
pub mod times;
pub mod tokens;
pub mod unsubscriptions;
pub mod webhooks;

pub use form::Form;
pub use layout::Page;

#[cfg(test)]
mod samples;
