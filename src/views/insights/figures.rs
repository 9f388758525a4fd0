//! The figures that stand alone, each with a line on what it counts.

use maud::{Markup, html};
use time::Duration;

use crate::tracking::insights::{Days, Filter, FirstViews};

/// The four sums, each beside the span before.
pub(super) fn sums(days: &Days, filter: &Filter) -> Markup {
    let (now, before) = (days.sum(), days.sum_before());
    let of_all = filter.person.is_none().then_some(days.members);
    html! {
        dl.sums {
            (sum("Pages seen", now.page_views, Some(before.page_views), None, "Each page that somebody opened, and each return to one."))
            (sum("People who looked", days.visitors, Some(days.visitors_before), of_all, "Whoever opened a page in the span, counted once."))
            (sum("Links followed", now.link_clicks, Some(before.link_clicks), None, "Clicks on what is marked to be counted."))
            (sum("Forms sent", now.form_submits, Some(before.form_submits), None, "Forms that are marked to be counted; never what they held."))
        }
    }
}

fn sum(name: &str, now: i64, before: Option<i64>, of: Option<i64>, about: &str) -> Markup {
    html! {
        div.sum {
            dt { (name) }
            dd { (grouped(now)) @if let Some(of) = of { span.tiny.soft { "of " (grouped(of)) } } (change(now, before)) }
            dd.sum__about { (about) }
        }
    }
}

/// By how much something is more or less than before; nothing where there was nothing.
pub(super) fn change(now: i64, before: Option<i64>) -> Markup {
    let Some(before) = before.filter(|before| *before > 0) else { return html! {} };
    let percent = (now - before) * 100 / before;
    html! {
        @match percent {
            0 => span.change title="Against the span before" { "±0 %" },
            1.. => span.change title="Against the span before" { "+" (grouped(percent)) " %" },
            _ => span.change.change--down title="Against the span before" { "−" (grouped(-percent)) " %" },
        }
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "−" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How soon changes are seen.
pub(super) fn first_views(first: &FirstViews) -> Markup {
    html! {
        section.panel.stack aria-labelledby="first_views_name" {
            header.panel__head { h2 id="first_views_name" { "From a change to its first look" } }
            @match first.median {
                Some(median) => p.figure-alone { (in_words(median)) },
                None => p.soft { "No change was looked at by somebody else yet." },
            }
            p.small.soft {
                "The middle one of the newest " (first.changes) " changes to cards, each until somebody else than who made it opened the card. " (first.seen) " of them were opened within seven days."
            }
        }
    }
}

fn in_words(time: Duration) -> String {
    match time.whole_seconds() {
        seconds @ ..60 => format!("{} s", seconds.max(1)),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        seconds @ 86_400..172_800 => format!("1 day {} h", seconds % 86_400 / 3_600),
        seconds => format!("{} days {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "−1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn times_are_said_in_the_unit_that_suits_them() {
        let words = |seconds| in_words(Duration::seconds(seconds));
        assert_eq!(words(0), "1 s");
        assert_eq!(words(125), "2 min");
        assert_eq!(words(4_000), "1 h 6 min");
        assert_eq!(words(90_000), "1 day 1 h");
    }

    #[test]
    fn a_change_is_told_against_what_was() {
        let html = |now, before| change(now, before).into_string();
        assert!(html(121, Some(100)).contains("+21 %"));
        assert!(html(97, Some(100)).contains("−3 %"));
        assert!(html(5, Some(0)).is_empty() && html(5, None).is_empty());
    }
}
