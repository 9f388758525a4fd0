//! The house keeps its shape: the invariants of `src/README.md`, checked on the sources themselves.
//!
//! Every check is a function from sources to complaints, so that each can be shown to fail on a
//! small made-up house as well as to pass on the real one.

mod cycles;
mod files;
mod floors;
mod kinds;
mod paths;
mod source;
mod words;

use source::Source;

/// Fails with all complaints at once, each a sentence that says what to do.
#[track_caller]
fn expect_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n\n  {}\n", complaints.join("\n  "));
}

/// A made-up house for the self-tests: paths and texts.
fn made_up(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(path, text)).collect()
}
