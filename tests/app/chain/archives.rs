//! A span of the log in a file: whole without the database, and a part of the log beside it.

use std::fs;

use tokio::process::Command;

use super::commands::sealed;
use crate::backup::{TestFile, cairn};
use crate::support::TestApp;

/// Somebody else's program that knows no more than what the documentation says.
const CHECKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/archive.mjs");

/// The other program's verdict.
async fn checked_elsewhere(path: &str) -> (bool, String) {
    let output = Command::new("node").args([CHECKER, path]).output().await.expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn an_archive_is_checked_by_anybody_and_every_change_in_it_is_named() {
    let app = TestApp::start().await;
    sealed(&app).await;
    let url = app.database.url().await;
    let file = TestFile::new("archive");
    let (done, said) = cairn(["archive", "--account", "northfold", file.path()], &url).await;
    assert!(done && said.contains("holds the sequences 1 to "), "{said}");
    let (done, said) = cairn(["archive", "--account", "northfold", file.path()], &url).await;
    assert!(!done && said.contains("exists"), "{said}");
    let (done, said) = cairn(["verify", "--archive", file.path()], &url).await;
    assert!(done && said.contains(": as recorded: sequences 1 to "), "{said}");
    let (agrees, said) = checked_elsewhere(file.path()).await;
    assert!(agrees, "{said}");

    let whole = fs::read_to_string(file.path()).expect("the archive");
    let lines: Vec<&str> = whole.lines().collect();
    for (damaged, says) in [
        (whole.replacen("Write the letter", "Write a letter", 1), "was changed in it"),
        (whole.replacen("\"source\":\"browser\"", "\"source\":\"mail\"", 1), "was changed in it"),
        ([&lines[..3], &lines[4..]].concat().join("\n"), "sequence 3 was removed from it"),
        (lines[..lines.len() - 1].join("\n"), "it ends too early"),
        (String::new(), "it is not an archive of Cairn’s"),
    ] {
        let file = TestFile::holding("damaged-archive", &damaged);
        let (done, said) = cairn(["verify", "--archive", file.path()], &url).await;
        assert!(!done && said.contains(says), "{says}: {said}");
        assert!(!checked_elsewhere(file.path()).await.0, "{says}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_span_goes_on_where_another_ended() {
    let app = TestApp::start().await;
    sealed(&app).await;
    let url = app.database.url().await;
    let (one, other) = (TestFile::new("first-span"), TestFile::new("second-span"));
    let span = ["archive", "--account", "northfold", "--last", "3", one.path()];
    let (done, said) = cairn(span, &url).await;
    assert!(done && said.contains("the sequences 1 to 3"), "{said}");
    let span = ["archive", "--account", "northfold", "--first", "4", other.path()];
    let (done, said) = cairn(span, &url).await;
    assert!(done, "{said}");
    let both = ["verify", "--archive", one.path(), "--archive", other.path()];
    let (done, said) = cairn(both, &url).await;
    assert!(done, "{said}");
    let beyond = TestFile::new("beyond");
    let span = ["archive", "--account", "northfold", "--last", "99999", beyond.path()];
    let (done, said) = cairn(span, &url).await;
    assert!(!done && said.contains("the log is sealed up to sequence "), "{said}");
    assert!(!fs::exists(beyond.path()).expect("a folder"), "half an archive was left");
    app.finish().await;
}
