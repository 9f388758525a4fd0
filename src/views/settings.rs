//! The account’s settings: a form for owners, plain words for everybody else.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Form, Page, form, paths};
use crate::domain::Actor;

/// The fields about visits.
const TRACKING: [&str; 3] = ["receipts", "addresses", "tracking_days"];

/// The page. `form` is what was refused, if anything was.
pub fn show(page: &Page, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let filled = filled(viewer);
    let is_of_tracking = TRACKING.iter().any(|field| form.error(field).is_some());
    let about = if form.is_refused() && !is_of_tracking { form } else { &filled };
    let tracking = if is_of_tracking { form } else { &filled };
    page.show(Frame { title: "Settings", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Settings" } p { "What holds for everybody in " (viewer.account.name) "." } } }
            div.stack.stack--loose {
                @if viewer.may_own().is_ok() {
                    (change(page, viewer, about))
                    (change_tracking(page, viewer, tracking))
                } @else { (facts(viewer)) }
            }
        }
    })
}

/// What holds now.
fn filled(viewer: &Actor) -> Form {
    let account = &viewer.account;
    let form = Form::default()
        .with("name", account.name.as_str())
        .with("time_zone", account.zone.as_str())
        .with("tracking_days", account.tracking_days.get().to_string());
    let on = |form: Form, field, is_on| if is_on { form.with(field, "on") } else { form };
    let form = on(form, "receipts", account.shows_receipts);
    on(form, "addresses", account.keeps_addresses)
}

fn change(page: &Page, viewer: &Actor, form: &Form) -> Markup {
    let name = form::Input {
        name: "name",
        label: "Name",
        help: Some("As it stands in the bar. The address stays as it is."),
        maxlength: Some(100),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        form.panel.stack action=(paths::within(&viewer.account.slug, "settings")) method="post" aria-label="The account" {
            (form::token(&page.csrf_token)) (form::method("patch"))
            (name.show(form))
            (form::zone(form, "Where the days begin that its figures are counted in, such as Europe/Berlin."))
            (form.other_errors(&["name", "time_zone"]))
            p { button.button.button--ink type="submit" { "Save" } }
        }
    }
}

/// What is kept and shown of what people open.
fn change_tracking(page: &Page, viewer: &Actor, form: &Form) -> Markup {
    let days = form::Input {
        name: "tracking_days",
        label: "Days that single visits are kept",
        help: Some("From 14 to 730. What was counted of them stays."),
        maxlength: Some(3),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    let choice = |name: &str, label: &str| {
        html! {
            label.check { input type="checkbox" name=(name) value="on" checked[form.has(name, "on")]; (label) }
        }
    };
    html! {
        section.panel id="tracking" aria-labelledby="tracking_name" {
            header.panel__head { h2 id="tracking_name" { "Visits" } }
            form.stack action=(paths::within(&viewer.account.slug, "settings/tracking")) method="post" {
                (form::token(&page.csrf_token)) (form::method("patch"))
                p.soft { "Pages that are opened are counted. " a href="/docs/privacy" { "What is recorded" } " can be read by everybody." }
                (choice("receipts", "Show on boards and cards who has seen them since they last changed, and mark what is new to oneself"))
                (choice("addresses", "Keep the network that a visit comes from (/24 or /48), not the address itself"))
                (days.show(form))
                (form.other_errors(&["tracking_days", "name", "time_zone"]))
                p { button.button type="submit" { "Save what is recorded" } }
            }
        }
    }
}

fn facts(viewer: &Actor) -> Markup {
    html! {
        section.panel.stack aria-label="The account" {
            dl.settings {
                dt { "Name" } dd { (viewer.account.name) }
                dt { "Time zone" } dd { (viewer.account.zone) }
                dt { "Who has seen what" } dd { @if viewer.account.shows_receipts { "Shown" } @else { "Not shown" } }
                dt { "Single visits are kept" } dd { (viewer.account.tracking_days.get()) " days" }
                dt { "Address" } dd { code { "/" (viewer.account.slug) } }
            }
            p.soft { "Only owners change these." }
        }
    }
}
