//! A kind of event is one file, one line in the list and one migration, and `cairn generate` writes them:
//! throwaway kinds prove it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of the crate in a folder of its own, gone when the test is over.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let copy =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(&copy).expect("a folder");
        for name in [
            ".cargo",
            ".ci",
            ".rustfmt.toml",
            ".sqlx",
            "Cargo.lock",
            "Cargo.toml",
            "README.md",
            "assets",
            "js",
            "migrations",
            "src",
            "tests/app",
            "tests/benches",
        ] {
            if top.join(name).exists() {
                let folder = copy.join(name).parent().expect("the copy's own").to_owned();
                fs::create_dir_all(&folder).expect("a folder");
                let copied = Command::new("cp").arg("-R").arg(top.join(name)).arg(folder).status();
                assert!(copied.expect("cp").success(), "{name} could not be copied");
            }
        }
        Self(copy)
    }

    /// A command in the copy; what is built already is shared.
    fn command(&self, program: &str) -> Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let mut command = Command::new(program);
        // What cargo tells this test of its own crate would make build scripts run anew.
        let told = std::env::vars_os().map(|(name, _)| name);
        for name in told.filter(|name| name.to_string_lossy().starts_with("CARGO_")) {
            if name != "CARGO_HOME" {
                command.env_remove(name);
            }
        }
        command.current_dir(&self.0).env("CARGO_TARGET_DIR", target).env_remove("DATABASE_URL");
        command
    }

    fn generate(&self, event: &[&str]) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_cairn"));
        command.args(["generate", "event"]).args(event).output().expect("cairn")
    }

    /// Every file of the crate, with what is in it.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let listed = Command::new("find").arg(&self.0).args(["-type", "f"]).output().expect("find");
        let listed = String::from_utf8(listed.stdout).expect("names");
        let mut paths: Vec<PathBuf> = listed.lines().map(PathBuf::from).collect();
        paths.sort();
        paths.into_iter().map(|path| (path.clone(), fs::read(&path).expect("a file"))).collect()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("the copy goes");
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_kind_is_one_file_one_line_and_one_migration() {
    let copy = Copy::new("kind");
    let before = copy.files();
    let kind = [
        "card_polished",
        "card:card",
        "from_column:column",
        "grade:number",
        "tint:color",
        "rank:role",
        "helper:user",
        "note:text",
    ];
    let output = copy.generate(&kind);
    assert!(output.status.success(), "{}", said(&output));

    // Besides the cache of queries, two files are new and one has changed by two lines.
    let is_cache = |path: &Path| path.components().any(|part| part.as_os_str() == ".sqlx");
    let after = copy.files();
    let written: Vec<&PathBuf> = after
        .iter()
        .filter(|file| !before.contains(file) && !is_cache(&file.0))
        .map(|(path, _)| path)
        .collect();
    let ends = ["migrations", "kinds/card_polished.rs", "kinds/mod.rs"];
    assert_eq!(written.len(), ends.len(), "{written:?}");

    // The generator has compiled everything against the new table; now the new kind's own tests.
    let mut tests = copy.command(env!("CARGO"));
    tests.args(["test", "--quiet", "--locked", "--offline", "--lib", "events::kinds"]);
    let output = tests.env("SQLX_OFFLINE", "true").output().expect("cargo");
    assert!(output.status.success(), "{}", said(&output));
    let fresh = copy
        .command("rustfmt")
        .args(["--check", "--edition", "2024", "src/events/kinds/card_polished.rs"])
        .status();
    assert!(fresh.expect("rustfmt").success(), "it is not in the form that rustfmt gives");

    // A release knows no kind that nothing records.
    let mut release = copy.command(env!("CARGO"));
    release.args([
        "rustc",
        "--quiet",
        "--locked",
        "--offline",
        "--lib",
        "--",
        "-C",
        "debug-assertions=off",
    ]);
    let output = release.output().expect("cargo");
    assert!(
        !output.status.success() && said(&output).contains("a kind waits for its verb"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_is_no_new_kind_is_refused_and_nothing_is_written() {
    let copy = Copy::new("no-kind");
    let before = copy.files();
    for (kind, status, why) in [
        (&["card_moved", "card:card"][..], 1, "there is a card_moved already"),
        (&["pinned", "card:card"], 2, "by its noun"),
        (&["self", "card:card"], 2, "Rust"),
        (&["../../card_pinned"], 2, "small letters"),
        (&["card_pinned/x"], 2, "small letters"),
        (&["Card_Pinned"], 2, "small letters"),
        (&["card_pinned", "card"], 2, "its name and its type"),
        (&["card_pinned", "card:json"], 2, "The types are"),
        (&["card_pinned", "fn:text"], 2, "Rust"),
        (&["card_pinned", "order:number"], 2, "Postgres keeps"),
        (&["card_pinned", "note:text", "note:number"], 1, "two columns called note"),
    ] {
        let output = copy.generate(kind);
        assert_eq!(output.status.code(), Some(status), "{kind:?}: {}", said(&output));
        assert!(said(&output).contains(why), "{kind:?}: {}", said(&output));
    }
    assert!(copy.files() == before, "something was written");
}
