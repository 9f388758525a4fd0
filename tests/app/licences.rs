//! What we build on may be used by anybody: the licences of every crate and of the pages' packages.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The licences we take, by their SPDX names.
const TAKEN: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether one of the alternatives of an SPDX expression consists of licences we take.
fn is_taken(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some((left, right)) = split_outside(&expression, " AND ") {
        return is_taken(&left) && is_taken(&right);
    }
    if let Some((left, right)) = split_outside(&expression, " OR ") {
        return is_taken(&left) || is_taken(&right);
    }
    let plain = expression.trim();
    match plain.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_taken(inner),
        None => TAKEN.contains(&plain),
    }
}

/// Splits at the first separator that stands in no parentheses.
fn split_outside(text: &str, separator: &str) -> Option<(String, String)> {
    let at = text.match_indices(separator).map(|(at, _)| at).find(|at| {
        let before = &text[..*at];
        before.matches('(').count() == before.matches(')').count()
    })?;
    Some((text[..at].to_owned(), text[at + separator.len()..].to_owned()))
}

fn refused<'a>(packages: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let refused = packages.filter(|(_, licence)| !is_taken(licence));
    refused.map(|(name, licence)| format!("{name}: {licence}")).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// What a command says; it is one of those that built this very test.
fn said_by(program: &str, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("the tools of Rust");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The platform we are on. The crates of the others were never fetched.
fn platform() -> String {
    let version = String::from_utf8(said_by("rustc", &["-vV"])).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("a platform").to_owned()
}

#[test]
fn every_crate_may_be_used_by_anybody() {
    let platform = format!("--filter-platform={}", platform());
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline", &platform];
    let metadata = said_by(env!("CARGO"), &arguments);
    let metadata: Value = serde_json::from_slice(&metadata).expect("JSON of cargo metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100, "cargo metadata lists only {}", packages.len());
    let all = packages.iter().map(|package| (text(package, "name"), text(package, "license")));
    assert_eq!(refused(all), Vec::<String>::new());
}

#[test]
fn every_package_of_the_pages_may_be_used_by_anybody() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/package-lock.json");
    let lock: Value =
        serde_json::from_slice(&fs::read(path).expect("the lock file")).expect("JSON");
    let packages = lock["packages"].as_object().expect("packages").iter();
    let all = packages.filter(|(name, _)| !name.is_empty());
    assert_eq!(
        refused(all.map(|(name, package)| (name.as_str(), text(package, "license")))),
        Vec::<String>::new()
    );
}

#[test]
fn a_licence_that_binds_others_is_found() {
    assert!(is_taken("MIT OR Apache-2.0") && is_taken("MIT/Apache-2.0"));
    assert!(is_taken("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_taken("GPL-3.0 OR MIT"));
    assert!(!is_taken("GPL-3.0") && !is_taken("MIT AND MPL-2.0") && !is_taken(""));
}
