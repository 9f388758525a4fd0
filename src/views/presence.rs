//! Who looks at a board or a card now, as pebbles.

use maud::{Markup, html};

use super::{avatar, dom};
use crate::domain::users::User;

/// How many pebbles are shown; the rest is counted.
const SHOWN: usize = 5;

/// The place of the pebbles, and those that are there now.
pub fn present(users: &[User]) -> Markup {
    html! { div.presence id=(dom::PRESENCE) data-presence { (pebbles(users)) } }
}

/// A pebble for each person.
pub fn pebbles(users: &[User]) -> Markup {
    html! {
        @if !users.is_empty() {
            span.sr-only { "Here now:" }
            span.avatars {
                @for user in users.iter().take(SHOWN) { (avatar::named(&user.name, user.color)) }
                @if users.len() > SHOWN {
                    span.avatars__more { "+" (users.len() - SHOWN) span.sr-only { " more people" } }
                }
            }
        }
    }
}
