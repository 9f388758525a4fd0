//! What was owed of one event to all endpoints: the way from a line of a feed to its deliveries.

use maud::{Markup, html};

use super::{frame, host};
use crate::domain::feed::Gone;
use crate::events::Activity;
use crate::events::sentence::People;
use crate::views::{Page, deliveries, icon, paths, sentence, times};
use crate::webhooks::Endpoint;
use crate::webhooks::deliveries::Entry;

/// The event as a feed tells it, and its deliveries, endpoint by endpoint.
pub fn of_event(
    page: &Page,
    activity: &Activity,
    (people, gone): (&People, &Gone),
    by_endpoint: &[(Endpoint, Vec<Entry>)],
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (slug, kind) = (&viewer.account.slug, activity.event.kind());
    page.show(frame("Deliveries of an event"), &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words {
                    ol.trail { li { a href=(paths::within(slug, "activity")) { "Activity" } } li { "Deliveries" } }
                    h1 { "Deliveries of an event" }
                    p { "What webhook endpoints were sent of this." }
                }
            }
            div.stack.stack--loose {
                section.panel aria-label="What happened" {
                    ol.feed {
                        li.activity data-color=(kind.color) {
                            (icon::icon(kind.icon))
                            p { (sentence::sentence(slug, activity, people, gone)) }
                            (sentence::quote(activity))
                            (sentence::changes(activity))
                            div.activity__when { (times::at(activity.header.created_at)) }
                        }
                    }
                }
                @if by_endpoint.is_empty() {
                    p.soft {
                        @if kind.shows.webhooks { "No endpoint asked for this, or it is too long ago." }
                        @else { "Webhooks do not carry events of this kind." }
                    }
                }
                @for (endpoint, entries) in by_endpoint {
                    div.panel {
                        header.panel__head {
                            h2 { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } }
                        }
                        p.endpoint__url { (endpoint.url) }
                        (deliveries::list(slug, &page.csrf_token, entries))
                    }
                }
            }
        }
    })
}
