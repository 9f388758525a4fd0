//! Erasing what is kept of somebody who was a member.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Page, avatar, form, icon, paths};
use crate::domain::Actor;
use crate::domain::users::User;

/// Those whose data is kept still, for owners.
pub(super) fn former(viewer: &Actor, users: &[User]) -> Markup {
    let slug = &viewer.account.slug;
    html! {
        @if !users.is_empty() {
            section.panel aria-labelledby="former_name" {
                header.panel__head { h2 id="former_name" { "Former members" } }
                ul.people { @for user in users {
                    li.person.person--wraps {
                        (avatar::large(&user.name, user.color))
                        span.clip { (user.name) }
                        a.button.button--small.button--danger.push href={ (paths::member(slug, user.id)) "/erasure" } {
                            "Erase" span.sr-only { " the data of " (user.name) }
                        }
                    }
                } }
            }
        }
    }
}

/// Asks whether somebody’s data is to be erased.
pub fn confirm(page: &Page, user: &User) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = format!("Erase the data of {}?", user.name);
    page.show(Frame { title: &title, section: Section::Members, ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::within(slug, "members")) { "Members" } } li { (user.name) } }
                h1 { (title) }
            } }
            section.panel.stack aria-label="What happens" {
                ul.consequences {
                    li { "They are called “Former member” wherever something tells of what they did." }
                    li { "Their comments, what they wrote in the history of cards, their address, their visits, and what is kept of deliveries that told of it are gone." }
                    li { "What they did stays in the log with its time, and the log can be verified as before. Titles and descriptions that stand on cards now are the team’s, and stay." }
                    li { "Copies of it elsewhere (backups, archives, what endpoints were sent, letters) are not reached." }
                    li { strong { "It can’t be taken back." } }
                }
                form.row action={ (paths::member(slug, user.id)) "/erasure" } method="post" {
                    (form::token(&page.csrf_token))
                    button.button.button--danger type="submit" { (icon::icon("eraser")) "Erase" }
                    a.button href=(paths::within(slug, "members")) { "Back" }
                }
            }
        }
    })
}
