//! No file uses a file that uses it, however long the way round.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Named, named};
use super::source::{Source, crate_files};
use super::{expect_none, made_up};

type Module = Vec<String>;
type Uses = BTreeMap<Module, BTreeSet<Module>>;

fn complaints(sources: &[Source]) -> Vec<String> {
    let all: BTreeMap<Module, Vec<Named>> = sources
        .iter()
        .filter(|source| source.path != "src/lib.rs")
        .filter_map(|source| Some((source.module()?, named(source))))
        .collect();
    let uses: Uses = all.keys().map(|module| (module.clone(), used_by(module, &all))).collect();
    let mut found = BTreeSet::new();
    for module in uses.keys() {
        if let Some(mut cycle) = way_back(module, &uses) {
            // The same cycle is met from each of its modules; it is told once.
            let least = (0..cycle.len()).min_by_key(|at| &cycle[*at]).expect("not empty");
            cycle.rotate_left(least);
            found.insert(
                cycle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" → "),
            );
        }
    }
    found.into_iter().map(|cycle| format!("an import cycle: {cycle} → back")).collect()
}

/// The modules that a module uses. What a façade hands on counts as its origin; handing on itself
/// is no use.
fn used_by(module: &Module, all: &BTreeMap<Module, Vec<Named>>) -> BTreeSet<Module> {
    let paths = all[module].iter().filter(|named| !named.handed_on);
    let found = paths.filter_map(|named| origin(&named.path, all, 0));
    found.filter(|used| used != module && !used.is_empty()).collect()
}

fn origin(path: &[String], all: &BTreeMap<Module, Vec<Named>>, depth: usize) -> Option<Module> {
    let length = (1..=path.len()).rev().find(|length| all.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(length);
    if let (Some(name), true) = (rest.first(), depth < 8) {
        let handed = all[module].iter().find(|it| it.handed_on && it.path.last() == Some(name));
        if let Some(handed) = handed.filter(|it| it.path != path) {
            return origin(&handed.path, all, depth + 1);
        }
    }
    Some(module.to_vec())
}

/// The shortest way from a module back to itself.
fn way_back(start: &Module, uses: &Uses) -> Option<Vec<Module>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in uses.get(way.last()?).into_iter().flatten() {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way.iter().cloned().chain([next.clone()]).collect());
                }
            }
        }
        ways = longer;
    }
    None
}

#[test]
fn nothing_uses_what_uses_it() {
    expect_none(&complaints(&crate_files()));
}

#[test]
fn a_cycle_is_found_and_a_facade_is_none() {
    let house = made_up(&[
        ("src/a/mod.rs", "pub mod b; pub mod c; pub mod d; pub use b::B; pub use c::C;"),
        ("src/a/b.rs", "use super::C;"),
        ("src/a/c.rs", "use crate::a::d::D;"),
        ("src/a/d.rs", "fn f() { super::b::g() }"),
        ("src/a/e.rs", "use super::{B, C};"),
    ]);
    assert_eq!(complaints(&house), ["an import cycle: a::b → a::c → a::d → back"]);
}
