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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::UserId;
    use crate::values::{Color, Role};

    #[test]
    fn of_a_crowd_a_page_is_told_a_few_and_how_many_more() {
        let crowd = |count| -> Vec<User> {
            let user = |number| User {
                id: UserId::new(),
                name: format!("Person {number}"),
                role: Role::Member,
                color: Color::ALL[0],
            };
            (100..100 + count).map(user).collect()
        };
        let (few, many) = (pebbles(&crowd(6)).into_string(), pebbles(&crowd(300)).into_string());
        assert!(many.contains("+295"), "{many}");
        assert_eq!(many.len(), few.len() + 2, "as long as of six people, but for the number");
    }
}
