//! HTML for browsers, one file a noun: ten to twenty lines a handler, which asks the domain and
//! hands what it got to a view.

mod accesses;
mod activity;
mod api_docs;
mod archivals;
mod assignments;
mod audit;
mod audit_docs;
mod audit_head;
mod board_moves;
mod boards;
mod cards;
mod closures;
mod columns;
mod comments;
mod deletions;
mod deliveries;
mod docs;
mod done;
mod erasures;
mod event_catalogue;
mod histories;
mod home;
mod insights;
mod invitations;
mod members;
mod moves;
mod notifications;
mod outbox;
mod own_tracking;
mod password_links;
mod past;
mod privacy;
mod profile;
mod receipts;
mod receivers;
mod restorations;
mod search;
mod sessions;
mod settings;
mod setup;
mod shell;
mod signature_checks;
mod tags;
mod tokens;
mod tracking_events;
mod unsubscriptions;
mod webhook_replays;
mod webhook_trials;
mod webhooks;

use super::route::Route;

/// The routes of the pages, noun by noun.
pub fn table() -> &'static [&'static [Route]] {
    &[
        home::ROUTES,
        sessions::ROUTES,
        setup::ROUTES,
        password_links::ROUTES,
        docs::ROUTES,
        privacy::ROUTES,
        event_catalogue::ROUTES,
        receivers::ROUTES,
        api_docs::ROUTES,
        audit_docs::ROUTES,
        boards::ROUTES,
        accesses::ROUTES,
        archivals::ROUTES,
        columns::ROUTES,
        cards::ROUTES,
        moves::ROUTES,
        board_moves::ROUTES,
        closures::ROUTES,
        assignments::ROUTES,
        tags::ROUTES,
        deletions::ROUTES,
        comments::ROUTES,
        activity::ROUTES,
        histories::ROUTES,
        restorations::ROUTES,
        audit::ROUTES,
        audit_head::ROUTES,
        insights::ROUTES,
        search::ROUTES,
        members::ROUTES,
        erasures::ROUTES,
        invitations::ROUTES,
        notifications::ROUTES,
        outbox::ROUTES,
        unsubscriptions::ROUTES,
        webhooks::ROUTES,
        deliveries::ROUTES,
        webhook_replays::ROUTES,
        webhook_trials::ROUTES,
        signature_checks::ROUTES,
        tokens::ROUTES,
        settings::ROUTES,
        profile::ROUTES,
        own_tracking::ROUTES,
        tracking_events::ROUTES,
        receipts::ROUTES,
    ]
}
