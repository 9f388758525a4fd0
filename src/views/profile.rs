//! A person’s own page: name, time zone, letters, password, where they are signed in.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Form, Page, form, icon, paths, sign_ins};
use crate::domain::sign_ins::SignIn;
use crate::values::{Slug, Tracked};

/// The page. `profile` and `password` are what was refused, if anything was; `letters` says whether
/// they want letters about their notices.
pub fn show(
    page: &Page,
    sign_ins: &[SignIn],
    profile: &Form,
    password: &Form,
    letters: bool,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let filled =
        Form::default().with("name", viewer.name.as_str()).with("time_zone", viewer.zone.as_str());
    let profile = if profile.is_refused() { profile } else { &filled };
    page.show(Frame { title: "Your profile", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Your profile" } p { "You are " (viewer.role.with_article()) " of " (viewer.account.name) "." } } }
            div.stack.stack--loose {
                (about(&paths::within(slug, "profile"), &page.csrf_token, profile))
                (choose_letters(&paths::within(slug, "profile/letters"), &page.csrf_token, letters))
                (visits(slug, &page.csrf_token, viewer.tracked))
                (change_password(&paths::within(slug, "profile/password"), &page.csrf_token, password))
                (sign_ins::list(viewer, &page.csrf_token, sign_ins))
                (sign_out(&paths::within(slug, "profile/sign_ins"), &page.csrf_token))
            }
        }
    })
}

fn about(path: &str, csrf_token: &str, form: &Form) -> Markup {
    let name = form::Input {
        name: "name",
        label: "Name",
        autocomplete: Some("name"),
        maxlength: Some(100),
        ..form::Input::default()
    };
    html! {
        form.panel.stack action=(path) method="post" aria-label="About you" {
            (form::token(csrf_token)) (form::method("patch"))
            (name.show(form)) (form::zone(form, "Where your days begin, such as Europe/Berlin."))
            (form.other_errors(&["name", "time_zone"]))
            p { button.button.button--ink type="submit" { "Save" } }
        }
    }
}

fn choose_letters(path: &str, csrf_token: &str, wanted: bool) -> Markup {
    let choice = |value: &str, checked: bool, label: &str| {
        html! {
            label.check { input type="radio" name="letters" value=(value) checked[checked]; (label) }
        }
    };
    html! {
        section.panel id="letters" aria-labelledby="letters_name" {
            header.panel__head { h2 id="letters_name" { "Letters" } }
            form.stack action=(path) method="post" {
                (form::token(csrf_token)) (form::method("patch"))
                fieldset.field.choices {
                    legend { "By mail, about cards that you follow" }
                    (choice("on", wanted, "One letter about everything, when something has been unread for 15 minutes"))
                    (choice("off", !wanted, "No letters"))
                }
                p { button.button type="submit" { "Save this choice" } }
            }
        }
    }
}

/// What is recorded of what they open: their choice, all of it to take along, and its end.
fn visits(slug: &Slug, csrf_token: &str, tracked: Tracked) -> Markup {
    let choice = |value: Tracked, label: &str| {
        html! {
            label.check { input type="radio" name="tracked" value=(value.as_str()) checked[tracked == value]; (label) }
        }
    };
    let all = paths::within(slug, "profile/tracking_events");
    html! {
        section.panel id="tracking" aria-labelledby="tracking_name" {
            header.panel__head { h2 id="tracking_name" { "Visits" } }
            div.stack {
                form.stack action=(paths::within(slug, "profile/tracking")) method="post" {
                    (form::token(csrf_token)) (form::method("patch"))
                    fieldset.field.choices {
                        legend { "Of the pages that you open" }
                        (choice(Tracked::Shown, "They are counted, and where the account shows who has seen what, so are you"))
                        (choice(Tracked::Hidden, "They are counted, and others are not shown what you have seen"))
                        (choice(Tracked::Off, "Nothing is recorded"))
                    }
                    p.row {
                        button.button type="submit" { "Save what is recorded" }
                        a.small.soft href="/docs/privacy" { "What that is" }
                    }
                }
                div.row {
                    a.button href={ (all) ".ndjson" } download { (icon::icon("download")) "All of it as JSON" }
                    a.button href={ (all) ".csv" } download { (icon::icon("download")) "As a table" }
                    form action=(all) method="post" {
                        (form::token(csrf_token)) (form::method("delete"))
                        button.button.button--danger type="submit" data-turbo-confirm="Erase everything that is recorded of your visits? It can’t be undone." { (icon::icon("trash")) "Erase it" }
                    }
                }
            }
        }
    }
}

fn change_password(path: &str, csrf_token: &str, form: &Form) -> Markup {
    let field = |name, label, autocomplete| form::Input {
        name,
        label,
        kind: Some("password"),
        autocomplete: Some(autocomplete),
        ..form::Input::default()
    };
    html! {
        section.panel aria-labelledby="password_name" {
            header.panel__head { h2 id="password_name" { "Password" } }
            form.stack action=(path) method="post" {
                (form::token(csrf_token)) (form::method("patch"))
                (field("present", "Present password", "current-password").show(form))
                (field("password", "New password", "new-password").show(form))
                (form.other_errors(&["present", "password"]))
                p { button.button type="submit" { "Change it and sign out elsewhere" } }
            }
        }
    }
}

fn sign_out(everywhere: &str, csrf_token: &str) -> Markup {
    html! {
        section.panel aria-labelledby="sign_out_name" {
            header.panel__head { h2 id="sign_out_name" { "Sign out" } }
            div.row {
                form action="/session" method="post" data-controller="tracking" data-action="tracking#forget" {
                    (form::token(csrf_token)) (form::method("delete"))
                    button.button type="submit" { (icon::icon("log-out")) "Sign out here" }
                }
                form action=(everywhere) method="post" data-controller="tracking" data-action="tracking#forget" {
                    (form::token(csrf_token)) (form::method("delete"))
                    button.button.button--danger type="submit" { "Sign out everywhere" }
                }
            }
        }
    }
}
