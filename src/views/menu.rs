//! Menus of choices in a sentence: each choice is a link.

use maud::{Markup, html};

use super::icon;
use crate::values::Color;

/// Words that open a menu.
pub(super) fn menu(words: &str, choices: &Markup) -> Markup {
    html! { details name="filter" data-controller="menu" data-action="keydown.esc->menu#escape click@document->menu#closeOutside" { summary { (words) } ul.menu { (choices) } } }
}

/// A choice, and whether it is the one that was made.
pub(super) fn choice(
    address: &str,
    words: &str,
    icon: &str,
    color: Option<Color>,
    chosen: bool,
) -> Markup {
    html! {
        a href=(address) data-color=[color] aria-current=[chosen.then_some("true")] {
            (icon::icon(icon)) (words)
            @if chosen { (icon::icon("check")) }
        }
    }
}

/// What is chosen once one more was, or was taken back.
pub(super) fn toggle<T: PartialEq + Clone>(chosen: &[T], one: T) -> Vec<T> {
    let mut toggled: Vec<T> = chosen.iter().filter(|chosen| **chosen != one).cloned().collect();
    if toggled.len() == chosen.len() {
        toggled.push(one);
    }
    toggled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_made_twice_is_taken_back() {
        assert_eq!(toggle(&[1, 2], 2), [1]);
        assert_eq!(toggle(&[1], 2), [1, 2]);
    }
}
