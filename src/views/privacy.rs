//! What is recorded of visits, said to those of whom it is.

use maud::{Markup, html};

use super::Page;
use super::layout::Frame;

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "What is recorded of visits", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                h1 { "What is recorded of visits" }
                p { "Cairn counts which of its pages are opened, so that a team knows what is read. It is counted on your team’s own server and sent nowhere else." }
            } }
            (recorded())
            (left_out())
            (shown())
            (yours())
        }
    })
}

fn recorded() -> Markup {
    html! {
        section.panel.stack aria-labelledby="recorded_name" {
            h2 id="recorded_name" { "What a visit is" }
            p { "When somebody who is signed in opens a page, follows certain links or sends certain forms, their browser reports: what it was, on which board, card, comment or endpoint, at what address of Cairn, and when. The server adds who it was." }
            p { "While a board or a card is before you, your browser also says up to which change you have seen it. That is no visit and is not counted: it is what the marks on what is new to you go by, and who has seen it." }
            p { "Of the network address nothing is kept. An owner may choose to keep the network it belongs to (the first 24 bits, or 48 of an IPv6 address), never the address itself." }
            p { "A single visit is kept for as long as the account’s settings say, 90 days unless an owner chose otherwise. How many visits there were on a day, in an hour, by a person, on a board or a card, is kept on." }
        }
    }
}

fn left_out() -> Markup {
    html! {
        section.panel.stack aria-labelledby="left_out_name" {
            h2 id="left_out_name" { "What is not recorded" }
            p { "What is typed into forms and searched for, where the pointer is, what is read how long, anything before signing in or elsewhere on the web. A page that changes by itself, or is fetched because the pointer rests on a link, is no visit." }
            p { "No cookie is set for it. What could not be sent yet waits in the browser’s own storage, for a week at the most, and is dropped when you sign out." }
            p { "If your browser asks for privacy (Global Privacy Control), nothing of you is recorded." }
        }
    }
}

fn shown() -> Markup {
    html! {
        section.panel.stack aria-labelledby="shown_name" {
            h2 id="shown_name" { "Who sees it" }
            p { "Admins see the counts. Where an owner has switched it on, a board and a card show everybody who sees them which of their people have had it open since it last changed, and mark for you alone what has changed since you did." }
        }
    }
}

fn yours() -> Markup {
    html! {
        section.panel.stack aria-labelledby="yours_name" {
            h2 id="yours_name" { "What is yours to decide" }
            p { "On your profile you choose: to be counted and shown, to be counted but not shown to others, or not to be recorded at all. There too you take along everything that is kept of you, as lines of JSON or as a table, and erase it." }
            p { "Erasing takes your visits out of every count too. Where single visits are gone already because of their age, the counts stay and name nobody." }
        }
    }
}
