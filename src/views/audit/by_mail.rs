//! The form in which an owner says how often the head of the log comes to them by mail.

use maud::{Markup, html};

use crate::notifications::heads::Choice;
use crate::values::{Every, Slug, clock};
use crate::views::outbox::Delivery;
use crate::views::{form, paths, times};

/// How the head comes to an owner.
#[derive(Debug, Clone, Copy)]
pub struct ByMail {
    /// What they have chosen; none: it does not.
    pub choice: Option<Choice>,
    /// What happens to letters on this server.
    pub delivery: Delivery,
}

impl ByMail {
    pub(super) fn show(self, slug: &Slug, csrf_token: &str) -> Markup {
        let chosen = self.choice.map(|choice| choice.every);
        let radio = |value: &str, checked: bool, label: &str| {
            html! {
                label.check { input type="radio" name="every" value=(value) checked[checked]; (label) }
            }
        };
        html! {
            section.panel id="head_letters" aria-labelledby="head_letters_name" {
                header.panel__head { h2 id="head_letters_name" { "The head by mail" } }
                form.stack action=(paths::within(slug, "audit/head/letters")) method="post" {
                    (form::token(csrf_token)) (form::method("patch"))
                    fieldset.field.choices {
                        legend { "Sent to you, to be kept where this server cannot reach it" }
                        (radio("never", chosen.is_none(), "Never"))
                        @for every in Every::ALL {
                            (radio(every.as_str(), chosen == Some(every), label(every)))
                        }
                    }
                    (self.standing())
                    p { button.button type="submit" { "Save this choice" } }
                }
            }
        }
    }

    /// When the next one comes, and what is in its way.
    fn standing(self) -> Markup {
        let due_at = self.choice.map(|choice| choice.due_at);
        html! {
            p.small.soft {
                @match (self.delivery, due_at) {
                    (Delivery::Unsent, _) => "No mail server is set, so nothing is sent until there is one.",
                    (_, Some(due_at)) if due_at > clock::now() => {
                        "The next one is due on " (times::fixed(due_at)) ", if something has happened by then. "
                    }
                    (_, Some(_)) => "The first one comes within a minute. ",
                    (_, None) => {}
                }
                @if self.delivery == Delivery::Kept { "No mail server is set, so letters stay in the outbox." }
            }
        }
    }
}

fn label(every: Every) -> &'static str {
    match every {
        Every::Day => "Every day on which something happened",
        Every::Week => "Every week in which something happened",
        Every::Month => "Every month in which something happened",
    }
}
