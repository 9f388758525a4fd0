//! The pages of a webhook endpoint.

use maud::Markup;

use super::cards::SHARP;
use crate::domain::feed::Feed;
use crate::values::Day;
use crate::views::deliveries::{LogPage, Narrowed};
use crate::views::{Form, Page, webhooks};
use crate::webhooks::Endpoint;
use crate::webhooks::deliveries::{Log, Status};
use crate::webhooks::diagnosis::Finding;
use crate::webhooks::send::Fault;
use crate::webhooks::trial::Trial;

/// All of them but its form.
pub(super) fn pages(page: &Page, feed: &Feed) -> Vec<(&'static str, Markup)> {
    vec![
        (
            "endpoint-trial",
            webhooks::trial(
                page,
                &Endpoint::example(),
                &feed.activities,
                &feed.people,
                &Form::default(),
                Some(&Trial::example(SHARP)),
            ),
        ),
        (
            "endpoint",
            webhooks::show(
                page,
                &Endpoint::example(),
                &[],
                Some("whsec_abc"),
                &LogPage { narrowed: &narrowed(), before: None, log: &Log::example(SHARP) },
                &Form::default(),
            ),
        ),
        (
            "endpoint-off",
            webhooks::show(
                page,
                &Endpoint::example_off(),
                &[],
                None,
                &LogPage { narrowed: &Narrowed::default(), before: Some(7), log: &Log::default() },
                &Form::default(),
            ),
        ),
        (
            "event-deliveries",
            webhooks::of_event(
                page,
                &feed.activities[0],
                (&feed.people, &feed.gone),
                &[(Endpoint::example(), Log::example(SHARP).entries)],
            ),
        ),
        ("endpoint-curl", webhooks::curl(page, &Endpoint::example(), SHARP)),
        (
            "endpoint-signature",
            webhooks::signature_check(
                page,
                &Endpoint::example(),
                &Form::default().with("headers", SHARP).with("body", SHARP),
                Some(&[Finding { is_well: false, words: SHARP.to_owned() }]),
            ),
        ),
    ]
}

/// Narrowed in every way.
fn narrowed() -> Narrowed {
    Narrowed {
        statuses: vec![Status::Failed, Status::Pending],
        events: vec!["card.*".to_owned()],
        faults: vec![Fault::Timeout],
        since: Day::parse("2026-11-25").ok(),
        until: None,
    }
}
