//! The pages of a webhook endpoint.

use maud::Markup;

use super::cards::SHARP;
use crate::domain::feed::Feed;
use crate::views::{Form, Page, webhooks};
use crate::webhooks::Endpoint;
use crate::webhooks::deliveries::Log;
use crate::webhooks::diagnosis::Finding;
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
                &Log::example(SHARP),
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
                &Log::default(),
                &Form::default(),
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
