//! A backup holds everything, and is restored whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::PgPool;

use crate::support::app::{Account, PASSWORD};
use crate::support::server::{SECRET_KEY, Server, program};
use crate::support::sink::{Answer, Sink};
use crate::support::{TestApp, TestDatabase};

/// A file that is gone when the test is over.
pub struct TestFile(PathBuf);

impl TestFile {
    /// One that is not there yet.
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        Self(folder.join(format!("{name}-{}.backup", std::process::id())))
    }

    /// One with this text in it.
    pub fn holding(name: &str, text: &str) -> Self {
        let file = Self::new(name);
        fs::write(file.path(), text).expect("a file");
        file
    }

    /// Its path.
    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Runs a command of the program on a database; whether it did well, and all that it said.
pub async fn cairn<const N: usize>(arguments: [&str; N], url: &str) -> (bool, String) {
    let settings = [("DATABASE_URL", url), ("CAIRN_SECRET_KEY", SECRET_KEY)];
    let output = program().args(arguments).envs(settings).output().await.expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// An account in which something happened, and a delivery that is still owed.
async fn busy(app: &TestApp, sink: &Sink) -> Account {
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let board = owner.create_board("A \\ in a name").await;
    let columns = [owner.add_column(board, "To do").await, owner.add_column(board, "Doing").await];
    let card = owner.add_card(board, columns[0], "Write the letter").await;
    sink.will_answer([Answer::Status(500)]);
    let fields = [("url", sink.url("/hook")), ("events", "*".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    owner.post("webhooks", &fields).await.expect(201);
    owner.comment(card, "First line\n\\.\n\tand the last \\N").await.expect(303);
    sink.has(1).await;
    account
}

/// The rows of every table that a backup holds, as one digest each.
async fn digests(pool: &PgPool) -> Vec<(String, Option<String>)> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind in ('r', 'p') and not relispartition
         and relnamespace = 'public'::regnamespace and relname <> all($1) order by relname",
    )
    .bind(cairn::db::tables::LOCAL)
    .fetch_all(pool)
    .await
    .expect("pg_catalog");
    let mut digests = Vec::new();
    for table in tables {
        let rows = format!("select md5(string_agg(t::text, ',' order by t::text)) from {table} t");
        let digest = sqlx::query_scalar(&rows).fetch_one(pool).await.expect("rows");
        digests.push((table, digest));
    }
    digests
}

#[tokio::test]
async fn what_was_backed_up_is_restored_and_goes_on() {
    let (mut app, sink, file) =
        (TestApp::start().await, Sink::start().await, TestFile::new("whole"));
    let account = busy(&app, &sink).await;
    let running = cairn(["backup", file.path()], &app.database.url().await).await;
    assert!(running.0, "beside a running server: {}", running.1);
    let again = cairn(["backup", file.path()], &app.database.url().await).await;
    assert!(!again.0 && again.1.contains("exists"), "{}", again.1);
    fs::remove_file(&file.0).expect("the first backup");
    app.server.stop().await;
    let (done, said) = cairn(["backup", file.path()], &app.database.url().await).await;
    assert!(done, "{said}");

    let empty = TestDatabase::new().await;
    let (done, said) = cairn(["restore", file.path()], &empty.url().await).await;
    assert!(done, "{said}");
    assert_eq!(digests(&empty).await, digests(app.pool()).await);
    let (done, said) = cairn(["restore", file.path()], &empty.url().await).await;
    assert!(!done && said.contains("accounts in this database already"), "{said}");

    let now = "update webhook_due set due_at = now()";
    sqlx::query(now).execute(empty.pool()).await.expect("it is owed still");
    let now = "update webhook_deliveries set due_at = now() where status = 'pending'";
    sqlx::query(now).execute(empty.pool()).await.expect("it is owed still");
    let mut server = Server::start(&empty.url().await).await;
    let client = crate::support::client::Client::new(server.address());
    client.get("/session").await.expect(200);
    let fields = [("email", account.owner.email.as_str()), ("password", PASSWORD)];
    client.submit(reqwest::Method::POST, "/session", &fields).await.expect(303);
    let calls = sink.has(2).await;
    assert_eq!(calls[0].body, calls[1].body);
    server.stop().await;
    app.server = Server::start(&app.database.url().await).await;
    app.finish().await;
}

#[tokio::test]
async fn a_damaged_backup_changes_nothing() {
    let (app, sink, file) = (TestApp::start().await, Sink::start().await, TestFile::new("damaged"));
    busy(&app, &sink).await;
    let (done, said) = cairn(["backup", file.path()], &app.database.url().await).await;
    assert!(done, "{said}");
    let whole = fs::read_to_string(&file.0).expect("the backup");
    let table = whole.find("\ntable cards ").expect("the cards");
    let empty = TestDatabase::new().await;
    for (damaged, says) in [
        (String::new(), "no backup of Cairn’s"),
        ("select 1;\n".to_owned(), "no backup of Cairn’s"),
        (whole[..table + 40].to_owned(), "ends too early"),
        (whole[..whole.len() / 2].to_owned(), ""),
        (whole.trim_end_matches("end\n").to_owned(), "ends too early"),
        (whole.replace("\ntable cards ", "\ntable pg_authid "), "there is no table"),
        (whole.replacen("migration 1 ", "migration 1 00", 1), "another version"),
    ] {
        fs::write(&file.0, &damaged).expect("a damaged backup");
        let (done, said) = cairn(["restore", file.path()], &empty.url().await).await;
        assert!(!done && said.contains(says), "{said}");
        let accounts: i64 = sqlx::query_scalar("select count(*) from accounts")
            .fetch_one(empty.pool())
            .await
            .expect("a count");
        assert_eq!(accounts, 0, "{said}");
    }
    app.finish().await;
}
