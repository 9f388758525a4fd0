//! HTML for browsers, one file a noun: ten to twenty lines a handler, which asks the domain and
//! hands what it got to a view.

mod activity;
mod api_docs;
mod boards;
mod cards;
mod columns;
mod comments;
mod docs;
mod home;
mod invitations;
mod members;
mod moves;
mod notifications;
mod outbox;
mod password_links;
mod profile;
mod sessions;
mod setup;
mod shell;
mod tracking_events;
mod unsubscriptions;
mod webhooks;

use super::route::Route;

/// The routes of the pages, noun by noun.
pub fn table() -> [&'static [Route]; 20] {
    [
        home::ROUTES,
        sessions::ROUTES,
        setup::ROUTES,
        password_links::ROUTES,
        docs::ROUTES,
        api_docs::ROUTES,
        boards::ROUTES,
        columns::ROUTES,
        cards::ROUTES,
        moves::ROUTES,
        comments::ROUTES,
        activity::ROUTES,
        members::ROUTES,
        invitations::ROUTES,
        notifications::ROUTES,
        outbox::ROUTES,
        unsubscriptions::ROUTES,
        webhooks::ROUTES,
        profile::ROUTES,
        tracking_events::ROUTES,
    ]
}
