//! Words in a sentence that open a menu; every choice is a link.

use maud::{Markup, html};

use super::icon;
use crate::values::Color;

/// The words, and behind them the choices as items of a list.
pub fn menu(words: &str, choices: &Markup) -> Markup {
    html! { details name="filter" data-controller="menu" data-action="keydown.esc->menu#escape click@document->menu#closeOutside" { summary { (words) } ul.menu { (choices) } } }
}

/// A choice.
pub fn entry(address: &str, words: &str, icon: &str, color: Option<Color>, chosen: bool) -> Markup {
    html! {
        a href=(address) data-color=[color] aria-current=[chosen.then_some("true")] {
            (icon::icon(icon)) (words)
            @if chosen { (icon::icon("check")) }
        }
    }
}
