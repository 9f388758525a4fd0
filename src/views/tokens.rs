//! Bearer tokens of the API: those there are, and the form for a new one.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Form, Page, form, icon, paths, times};
use crate::domain::Actor;
use crate::domain::tokens::Token;
use crate::values::{Color, Scope};

/// The page. `made` is the token just made, which is shown this once.
pub fn index(page: &Page, tokens: &[Token], form: &Form, made: Option<&str>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (own, others): (Vec<&Token>, Vec<&Token>) =
        tokens.iter().partition(|token| token.user_id == viewer.user_id);
    page.show(Frame { title: "Tokens", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words { h1 { "Tokens" } p { "With a token a program does through the API what you may do, in your name." } }
                div.page-head__tools { a.button href="/docs/api" { (icon::icon("book-open")) "The API" } }
            }
            div.stack.stack--loose {
                @if let Some(token) = made { (shown_once(token)) }
                (new(page, viewer, form))
                (list(page, viewer, "Your tokens", &own))
                @if viewer.administers() && !others.is_empty() { (list(page, viewer, "Everybody else’s", &others)) }
            }
        }
    })
}

fn shown_once(token: &str) -> Markup {
    html! {
        section.panel.stack role="status" data-color="moss" {
            h2 { "Your new token" }
            p.soft { "It is shown this once. Whoever has it can do what it reaches, so keep it where passwords are kept." }
            p.copy { span id="token" { (token) } }
        }
    }
}

fn new(page: &Page, viewer: &Actor, form: &Form) -> Markup {
    let name = form::Input {
        name: "name",
        label: "What for",
        help: Some("Such as “Nightly export”; the list below will say so."),
        maxlength: Some(100),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        section.panel aria-labelledby="new_name" {
            header.panel__head { h2 id="new_name" { "Make a token" } }
            form.stack action=(paths::within(&viewer.account.slug, "tokens")) method="post" data-turbo="false" {
                (form::token(&page.csrf_token))
                (name.show(form))
                (scopes(viewer, form))
                (form.other_errors(&["name", "scope"]))
                p { button.button.button--ink type="submit" { (icon::icon("plus")) "Make a token" } }
            }
        }
    }
}

/// A form that was not filled in yet offers the least.
fn scopes(viewer: &Actor, form: &Form) -> Markup {
    let chosen = match form.value("scope") {
        "" => Scope::Read.as_str(),
        scope => scope,
    };
    html! {
        fieldset.field {
            legend { "How far it reaches" }
            div.choices {
                @for scope in viewer.scopes() {
                    label.check {
                        input type="radio" name="scope" value=(scope) checked[chosen == scope.as_str()] required;
                        span { b { (scope) } " " span.faint { (reach(scope)) } }
                    }
                }
            }
            (form::notes("scope", form.error("scope"), None))
        }
    }
}

fn reach(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "sees what you see",
        Scope::Write => "also what members do: boards, cards, comments",
        Scope::Admin => "everything that your role allows",
    }
}

fn list(page: &Page, viewer: &Actor, title: &str, tokens: &[&Token]) -> Markup {
    html! {
        section.panel aria-label=(title) {
            header.panel__head { h2 { (title) } }
            @if tokens.is_empty() { p.soft { "None yet." } }
            ul.people { @for token in tokens { (entry(page, viewer, token)) } }
        }
    }
}

fn entry(page: &Page, viewer: &Actor, token: &Token) -> Markup {
    html! {
        li.person.person--wraps {
            (icon::icon("key-round"))
            div.person__words {
                p { b { (token.name) } " " span.tag data-color=(color(token.scope)) { (token.scope) } }
                p.soft {
                    @if token.user_id != viewer.user_id { (token.holder) ", " }
                    "made " (times::at(token.created_at))
                    @match token.last_used_at {
                        Some(at) => { ", last used " (times::at(at)) }
                        None => ", never used",
                    }
                }
            }
            form.push action=(paths::token(&viewer.account.slug, token.id)) method="post"
                data-turbo-confirm={ "Revoke “" (token.name) "”? What uses it stops working at once." } {
                (form::token(&page.csrf_token)) (form::method("delete"))
                button.button.button--small.button--danger type="submit" { "Revoke" span.sr-only { " " (token.name) } }
            }
        }
    }
}

/// The further it reaches, the warmer.
fn color(scope: Scope) -> Color {
    match scope {
        Scope::Read => Color::Stone,
        Scope::Write => Color::Lake,
        Scope::Admin => Color::Clay,
    }
}
