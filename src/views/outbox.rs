//! The outbox: the letters there were, what became of them, and perhaps what they say.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Page, icon, times};
use crate::mail::{Attachment, Entry, State};
use crate::values::Color;

/// What happens to letters on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// A mail server takes them.
    Sent,
    /// There is none: they are read here.
    Kept,
    /// There is none, and others share the server: they wait until there is one.
    Unsent,
}

impl Delivery {
    fn words(self) -> &'static str {
        match self {
            Self::Sent => "What was sent to people by mail in the last thirty days.",
            Self::Kept => {
                "No mail server is set, so letters stay here. CAIRN_SMTP_URL sends them from then on."
            }
            Self::Unsent => {
                "No mail server is set, so letters wait here for three days. CAIRN_SMTP_URL sends them."
            }
        }
    }
}

/// The letters of an account.
pub fn index(page: &Page, delivery: Delivery, letters: &[Entry]) -> Markup {
    page.show(Frame { title: "Outbox", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Outbox" } p { (delivery.words()) } } }
            (list(letters, delivery))
        }
    })
}

/// The letters that let somebody sign in, for whoever sits at the machine.
pub fn of_machine(page: &Page, letters: &[Entry]) -> Markup {
    page.show(Frame { title: "Outbox of this machine", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                h1 { "Outbox of this machine" }
                p { "Whoever reads these can sign in as somebody else, so they stand here alone." }
            } }
            (list(letters, Delivery::Kept))
        }
    })
}

fn list(letters: &[Entry], delivery: Delivery) -> Markup {
    html! {
        @if letters.is_empty() {
            div.empty { (icon::icon("mail")) h2 { "No letters" } p { "Invitations and news for people stand here once there are some." } }
        } @else {
            ul.panel.letters { @for letter in letters { (self::letter(letter, delivery)) } }
        }
    }
}

fn letter(letter: &Entry, delivery: Delivery) -> Markup {
    let head = html! {
        (state(&letter.state, delivery))
        span.letter__words { b { (letter.subject) } span.soft.clip { "to " (letter.email) } }
        (times::at(letter.created_at))
    };
    html! {
        li.letter {
            @if let Some(text) = &letter.text {
                details {
                    summary { (icon::icon("chevron-right")) (head) }
                    pre.letter__text tabindex="0" { (text) }
                    @if let Some(file) = &letter.attachment { (attachment(file)) }
                }
            } @else {
                div.letter__head { (icon::icon("lock")) (head) }
            }
            @if let State::Retrying { at, why } = &letter.state { p.small.soft { (why) " The next try is due at " (times::fixed(*at)) "." } }
            @if let State::GivenUp { why, .. } = &letter.state { p.small.soft { (why) } }
        }
    }
}

/// The file that goes with a letter, to be copied.
fn attachment(file: &Attachment) -> Markup {
    html! {
        div.letter__file {
            p.small { "With it goes " b { (file.name) } ":" }
            pre.letter__text tabindex="0" role="region" aria-label=(file.name) { (file.json) }
        }
    }
}

fn state(state: &State, delivery: Delivery) -> Markup {
    let (color, name, words) = match (state, delivery) {
        (State::Waiting, Delivery::Kept) => (Color::Stone, "inbox", "Kept"),
        (State::Waiting, _) => (Color::Ochre, "clock", "Waiting"),
        (State::Retrying { .. }, _) => (Color::Ochre, "clock", "Waiting"),
        (State::Sent(_), _) => (Color::Moss, "check", "Sent"),
        (State::GivenUp { .. }, _) => (Color::Rowan, "x", "Refused"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}
