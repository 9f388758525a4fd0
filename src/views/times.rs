//! Points in time: the full date in the page, which the browser makes "5 minutes ago".

use maud::{Markup, html};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// A point in time as `<time>`. The text is the same for everybody: the full date in UTC.
pub fn at(time: OffsetDateTime) -> Markup {
    html! { time datetime=(machine(time)) data-controller="time" { (full(time)) } }
}

/// A point in time that stays a full date.
pub fn fixed(time: OffsetDateTime) -> Markup {
    html! { time datetime=(machine(time)) { (full(time)) } }
}

/// A point in time in words alone.
pub fn in_words(time: OffsetDateTime) -> String {
    full(time)
}

fn machine(time: OffsetDateTime) -> String {
    time.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

fn full(time: OffsetDateTime) -> String {
    let words = format_description!(
        "[weekday] [day padding:none] [month repr:long] [year] at [hour]:[minute]:[second] UTC"
    );
    time.to_offset(UtcOffset::UTC).format(words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_full_date() {
        let time = time::macros::datetime!(2026-11-23 14:32:08 UTC);
        let markup = at(time).into_string();
        assert!(markup.contains(r#"datetime="2026-11-23T14:32:08Z""#), "{markup}");
        assert!(markup.contains(">Monday 23 November 2026 at 14:32:08 UTC<"), "{markup}");
    }
}
