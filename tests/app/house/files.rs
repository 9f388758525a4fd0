//! Files are short, say what they are for, and belong to something.

use std::collections::BTreeSet;

use super::source::{Source, files};
use super::{expect_none, made_up, paths};

/// Longer files have more than one idea.
const MOST_LINES: usize = 400;

fn all() -> Vec<Source> {
    let endings = [".rs", ".js", ".mjs", ".css", ".sql"];
    ["src", "tests", "js", "assets", "migrations"]
        .iter()
        .flat_map(|top| files(top, &endings))
        .collect()
}

fn too_long(sources: &[Source]) -> Vec<String> {
    let long = sources.iter().map(|source| (source, source.text.lines().count()));
    long.filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(source, lines)| {
            format!("{}: {lines} lines; at most {MOST_LINES}, split it", source.path)
        })
        .collect()
}

fn speechless(sources: &[Source]) -> Vec<String> {
    let silent = sources.iter().filter(|source| !opens_with_a_sentence(source));
    silent
        .map(|source| format!("{}: open with one sentence on what it is for", source.path))
        .collect()
}

fn opens_with_a_sentence(source: &Source) -> bool {
    let openings: &[&str] = match source.path.rsplit('.').next() {
        Some("rs") => &["//! ", "#![doc = include_str!"],
        Some("sql") => &["-- "],
        Some("css") => &["/* "],
        _ => &["// ", "/* "],
    };
    let first = source.text.lines().find(|line| !line.starts_with("#!/")).unwrap_or_default();
    let words = openings.iter().find_map(|opening| first.strip_prefix(opening));
    words.is_some_and(|words| words.split_whitespace().count() >= 2 || first.starts_with("#![doc"))
}

/// Rust files that no `mod` line leads to.
fn orphans(sources: &[Source]) -> Vec<String> {
    let roots = ["src/lib.rs", "src/main.rs", "src/build.rs"];
    let is_root = |path: &str| {
        let parts: Vec<&str> = path.split('/').collect();
        roots.contains(&path)
            || matches!(parts[..], ["tests", _] | ["tests", _, "main.rs"] | ["tests", "benches", _])
    };
    let reached: BTreeSet<String> = sources.iter().flat_map(reached_from).collect();
    let rust = sources.iter().filter(|source| source.path.ends_with(".rs"));
    rust.filter(|source| !is_root(&source.path) && !reached.contains(&source.path))
        .map(|source| format!("{}: no `mod` line leads to it", source.path))
        .collect()
}

fn reached_from(source: &Source) -> Vec<String> {
    let (beside, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    // A module may say itself where its file is.
    let named = source.text.split("#[path = \"").skip(1).filter_map(|rest| rest.split('"').next());
    let named: Vec<String> = named.map(|path| format!("{beside}/{path}")).collect();
    let folder = match file {
        "mod.rs" | "lib.rs" | "main.rs" => beside.to_owned(),
        _ if beside == "tests" => beside.to_owned(),
        _ => format!("{beside}/{}", file.trim_end_matches(".rs")),
    };
    let children = paths::children(source).into_iter();
    let children =
        children.flat_map(|c| [format!("{folder}/{c}.rs"), format!("{folder}/{c}/mod.rs")]);
    children.chain(named).collect()
}

#[test]
fn no_file_is_over_400_lines() {
    expect_none(&too_long(&all()));
}

#[test]
fn every_file_opens_with_a_sentence() {
    expect_none(&speechless(&all()));
}

#[test]
fn no_file_is_an_orphan() {
    expect_none(&orphans(&all()));
}

#[test]
fn long_silent_and_lost_files_are_found() {
    let long = "// What a long file is for.\n".repeat(401);
    let house = made_up(&[
        (
            "src/lib.rs",
            "#![doc = include_str!(\"README.md\")]\npub mod a;\n#[path = \"a/c.rs\"]\nmod c;",
        ),
        ("src/a/c.rs", "//! Where it is, is said elsewhere."),
        ("src/a/mod.rs", "//! A is for apples.\nmod b;"),
        ("src/a/b.rs", "use std::fmt;"),
        ("src/a/lost.rs", "//! Nobody knows me."),
        ("js/long.js", &long),
        ("assets/a.css", ".a { color: red }"),
        ("migrations/1.sql", "-- Makes the table of apples.\ncreate table apples ();"),
    ]);
    assert_eq!(too_long(&house), ["js/long.js: 401 lines; at most 400, split it"]);
    assert_eq!(
        speechless(&house),
        [
            "src/a/b.rs: open with one sentence on what it is for",
            "assets/a.css: open with one sentence on what it is for",
        ]
    );
    assert_eq!(orphans(&house), ["src/a/lost.rs: no `mod` line leads to it"]);
}
