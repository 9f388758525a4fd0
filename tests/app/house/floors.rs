//! A floor uses earlier floors only, and stands where the list says.

use super::source::{Source, crate_files};
use super::{expect_none, made_up, paths};

/// The floors from the ground up. Those in one line are siblings: none uses another.
const FLOORS: &[&[&str]] = &[
    &["values"],
    &["db"],
    &["events"],
    &["domain"],
    &["mail"],
    &["webhooks", "tracking", "notifications"],
    &["views"],
    &["live"],
    &["web"],
    ROOF,
];

/// The only place that knows all; its parts may use each other.
const ROOF: &[&str] = &["app", "worker", "config", "cli", "main"];

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|siblings| siblings.contains(&floor))
}

fn complaints(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(complaints_of).collect()
}

fn complaints_of(source: &Source) -> Vec<String> {
    let Some(floor) = source.floor().filter(|floor| floor != "build") else { return Vec::new() };
    let path = &source.path;
    let Some(here) = height(&floor) else {
        return vec![format!(
            "{path}: `{floor}` is no floor; add it to FLOORS in tests/app/house/floors.rs"
        )];
    };
    let named = paths::named(source).into_iter().filter_map(|named| named.path.first().cloned());
    let mut wrong: Vec<String> = named
        .filter(|used| *used != floor && !ROOF.contains(&floor.as_str()))
        .filter(|used| height(used).is_some_and(|there| there >= here))
        .collect();
    wrong.sort();
    wrong.dedup();
    wrong
        .iter()
        .map(|used| format!("{path}: `{floor}` uses `{used}`, which is not below it"))
        .collect()
}

#[test]
fn floors_use_earlier_floors_only() {
    expect_none(&complaints(&crate_files()));
}

#[test]
fn a_floor_that_reaches_up_or_sideways_is_found() {
    let house = made_up(&[
        ("src/events/log.rs", "use crate::live::Hub;"),
        ("src/webhooks/mod.rs", "fn f() { crate::tracking::track(); }"),
        ("src/domain/cards.rs", "use super::super::web::routes;"),
        ("src/attic/mod.rs", ""),
        ("src/cli/mod.rs", "use crate::app::App;"),
        ("src/views/mod.rs", "// crate::web is above us\nuse crate::domain::cards;"),
    ]);
    assert_eq!(
        complaints(&house),
        [
            "src/events/log.rs: `events` uses `live`, which is not below it",
            "src/webhooks/mod.rs: `webhooks` uses `tracking`, which is not below it",
            "src/domain/cards.rs: `domain` uses `web`, which is not below it",
            "src/attic/mod.rs: `attic` is no floor; add it to FLOORS in tests/app/house/floors.rs",
        ]
    );
}
