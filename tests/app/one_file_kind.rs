//! A kind of event is one file, one line in the list and one migration: a throwaway kind proves it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::TestDatabase;

/// The kind that is copied, and what it becomes.
const MODEL: &str = "card_reordered";
const NEW: &str = "card_polished";

/// A copy of the crate in a folder of its own, gone when the test is over.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Self {
        let copy =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kind-{}", std::process::id()));
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(&copy).expect("a folder");
        for name in
            ["Cargo.toml", "Cargo.lock", "src", "migrations", "assets", "js", "README.md", ".sqlx"]
        {
            if top.join(name).exists() {
                let copied = Command::new("cp").arg("-R").arg(top.join(name)).arg(&copy).status();
                assert!(copied.expect("cp").success(), "{name} could not be copied");
            }
        }
        Self(copy)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.join(path), text).expect("a file in the copy");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect("a file of the copy")
    }

    /// The new kind's file: another's with its names replaced.
    fn add_file(&self) {
        let model = self.read(&format!("src/events/kinds/{MODEL}.rs"));
        let file = model.replace(MODEL, NEW).replace("CardReordered", "CardPolished");
        self.write(&format!("src/events/kinds/{NEW}.rs"), &file);
    }

    /// Its line in the list: one for the compiler, one in the slice.
    fn add_line(&self) {
        let list = "src/events/kinds/mod.rs";
        let with_line = self
            .read(list)
            .replacen(&format!("pub mod {MODEL};"), &format!("pub mod {MODEL};\npub mod {NEW};"), 1)
            .replacen(
                &format!("&{MODEL}::KIND,"),
                &format!("&{MODEL}::KIND,\n    &{NEW}::KIND,"),
                1,
            );
        self.write(list, &with_line);
    }

    /// Its table, as a migration writes it.
    fn migration(&self) -> String {
        let migrations = fs::read_dir(self.0.join("migrations")).expect("the migrations");
        let texts = migrations.map(|entry| entry.expect("a migration").path());
        let model = texts
            .filter(|path| path.to_string_lossy().ends_with(&format!("_{MODEL}.sql")))
            .map(|path| fs::read_to_string(path).expect("a migration").replace(MODEL, NEW))
            .next();
        model.expect("the migration of the model")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("the copy goes");
    }
}

#[tokio::test]
async fn a_kind_is_one_file_one_line_and_one_migration() {
    let (copy, database) = (Copy::new(), TestDatabase::new().await);
    copy.add_file();
    copy.add_line();
    let migration = copy.migration();
    sqlx::raw_sql(&migration).execute(database.pool()).await.expect("the new table");
    copy.write(&format!("migrations/9999_{NEW}.sql"), &migration);

    // Everything compiles, the new queries checked against the new table, and the tests of the
    // kinds, the new one's among them, pass. What is built already is shared.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    let output = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--locked", "--offline", "--lib", "events::kinds"])
        .current_dir(&copy.0)
        .env("CARGO_TARGET_DIR", target)
        .env("SQLX_OFFLINE", "false")
        .env("DATABASE_URL", database.url().await)
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
