//! The account’s settings: a form for owners, plain words for everybody else.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Form, Page, form, paths};
use crate::domain::Actor;

/// The page. `form` is what was refused, if anything was.
pub fn show(page: &Page, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let filled = Form::default()
        .with("name", viewer.account.name.as_str())
        .with("time_zone", viewer.account.zone.as_str());
    let form = if form.is_refused() { form } else { &filled };
    page.show(Frame { title: "Settings", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Settings" } p { "What holds for everybody in " (viewer.account.name) "." } } }
            @if viewer.may_own().is_ok() { (change(page, viewer, form)) } @else { (facts(viewer)) }
        }
    })
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

fn facts(viewer: &Actor) -> Markup {
    html! {
        section.panel.stack aria-label="The account" {
            dl.settings {
                dt { "Name" } dd { (viewer.account.name) }
                dt { "Time zone" } dd { (viewer.account.zone) }
                dt { "Address" } dd { code { "/" (viewer.account.slug) } }
            }
            p.soft { "Only owners change these." }
        }
    }
}
