//! Marks: each event gives its card a new title with a number in it, by which whoever receives the
//! fragment knows the event.

/// What stands before the number.
const BEFORE: &str = "Letter no. ";

/// How many digits a number has.
const DIGITS: usize = 7;

/// The title that an event gives its card.
pub(super) fn title(mark: u32) -> String {
    format!("{BEFORE}{mark:0DIGITS$}")
}

/// The marks in a text.
pub(super) fn of(text: &str) -> impl Iterator<Item = u32> {
    let found = text.match_indices(BEFORE).map(|(at, _)| at + BEFORE.len());
    found.filter_map(|at| text.get(at..at + DIGITS)?.parse().ok())
}
