//! All webhook endpoints, with the form for a new one.

use maud::{Markup, html};

use super::{frame, host, settings, state};
use crate::domain::boards::Board;
use crate::values::Slug;
use crate::views::{Form, Page, icon, paths, times};
use crate::webhooks::Endpoint;
use crate::webhooks::backlog::Standing;
use crate::webhooks::endpoints::DryRun;

/// The endpoints, and the form for a new one; `boards` are those that it may be kept to.
pub fn index(
    page: &Page,
    (endpoints, standing): (&[Endpoint], &Standing),
    boards: &[Board],
    form: &Form,
    dry_run: Option<&DryRun>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(frame("Webhooks"), &html! {
        main.page id="main" {
            header.page-head {
                div.page-head__words { h1 { "Webhooks" } p { "Each change on your boards is called out to these addresses, signed, and called again until somebody answers." } }
                div.page-head__tools { a.button href="/docs" { (icon::icon("book-open")) "How to verify" } }
            }
            div.beside.beside--even {
                section.stack aria-labelledby="endpoints_name" {
                    h2.sr-only id="endpoints_name" { "Endpoints" }
                    @if endpoints.is_empty() {
                        div.panel.empty { (icon::icon("webhook")) h2 { "Nobody is called yet" } p { "Add an address, choose what it should hear of, and try it by moving a card." } }
                    } @else {
                        (stands(standing))
                        ul.endpoints { @for endpoint in endpoints { (listed(slug, endpoint)) } }
                    }
                }
                (settings::new(slug, &page.csrf_token, boards, form, dry_run))
            }
        }
    })
}

/// What they are owed, all together.
fn stands(standing: &Standing) -> Markup {
    let Standing { waiting, due_since, delivered, held } = standing;
    html! {
        section.panel aria-label="What is owed" {
            dl.facts-line {
                div { dt { "Waiting" } dd { (waiting.words()) @if let Some(since) = due_since { " " small { "due since " (times::at(*since)) } } } }
                div { dt { "Delivered in the last hour" } dd { (delivered.words()) } }
                div { dt { "Held" } dd { (held.words()) } }
            }
        }
    }
}

fn listed(slug: &Slug, endpoint: &Endpoint) -> Markup {
    html! {
        li.endpoint.panel {
            div.row.row--apart { h3 { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } } (state(endpoint)) }
            p.endpoint__url { (endpoint.url) }
            p.row { @for event in &endpoint.events { span.tag.mono { (event) } } }
        }
    }
}
