//! How many notices are unread: a number in the bar, which live pages replace.

use maud::{Markup, html};

/// How many are unread, in the bar; nothing when none is.
pub fn count(unread: i64) -> Markup {
    html! {
        @if unread > 0 {
            span.bell__count { @if unread > 99 { "99+" } @else { (unread) } span.sr-only { " unread" } }
        }
    }
}
