//! People as pebbles with their initials.

use maud::{Markup, html};

use crate::values::Color;

/// A pebble that says whose it is.
pub fn named(name: &str, color: Color) -> Markup {
    html! { span.avatar data-color=(color) role="img" aria-label=(name) { (initials(name)) } }
}

/// A pebble beside which the name stands in words.
pub fn small(name: &str, color: Color) -> Markup {
    html! { span.avatar data-color=(color) aria-hidden="true" { (initials(name)) } }
}

/// A larger one, beside which the name stands in words.
pub fn large(name: &str, color: Color) -> Markup {
    html! { span.avatar.avatar--large data-color=(color) aria-hidden="true" { (initials(name)) } }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_last_name() {
        assert_eq!(initials("Olive Marsh"), "OM");
        assert_eq!(initials("jun"), "J");
        assert_eq!(initials("Ana María de la Cruz"), "AC");
        assert_eq!(initials(""), "");
    }
}
