//! A database for each test: a clone of one migrated template, which nobody ever connects to.

use std::ops::Deref;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use cairn::db;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection as _, Executor as _};
use tokio::sync::OnceCell;

use super::cluster::TestCluster;

/// A test's own database, dropped when the test has passed.
pub struct TestDatabase {
    name: String,
    pool: PgPool,
}

impl TestDatabase {
    /// A new database with the present schema and nothing in it.
    pub async fn new() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let cluster = TestCluster::get().await;
        let template = TEMPLATE.get_or_init(template).await;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", process::id());
        let mut server = server().await;
        create(&mut server, &name, &format!("template {template}")).await;
        let pool = db::connect(&cluster.url(&name), 10).await.expect("a new database");
        Self { name, pool }
    }

    /// How a process of its own connects to it.
    pub async fn url(&self) -> String {
        TestCluster::get().await.url(&self.name)
    }

    /// The pool.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl Deref for TestDatabase {
    type Target = PgPool;

    fn deref(&self) -> &PgPool {
        &self.pool
    }
}

impl Drop for TestDatabase {
    /// A failed test leaves its database behind, to be looked into until the next run.
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the database {} is kept until the next run", self.name);
            return;
        }
        let name = self.name.clone();
        // A destructor cannot wait on the runtime that it is called from.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                drop_database(&mut server().await, &name).await;
            });
        });
        dropping.join().expect("the database is dropped");
    }
}

async fn server() -> PgConnection {
    let url = TestCluster::get().await.url("postgres");
    PgConnection::connect(&url).await.expect("the test cluster")
}

async fn create(server: &mut PgConnection, name: &str, how: &str) {
    let statement = format!("create database {name} {how}");
    server.execute(statement.as_str()).await.expect("a new database");
}

async fn drop_database(server: &mut PgConnection, name: &str) {
    let statement = format!("drop database if exists {name} with (force)");
    server.execute(statement.as_str()).await.expect("the database is dropped");
}

/// The name of the template for the present migrations, made now if there is none.
async fn template() -> String {
    let cluster = TestCluster::get().await;
    let name = format!("template_{}", hash_of_migrations());
    let lock = cluster.lock("template");
    let mut server = server().await;
    sweep(&mut server, &name).await;
    let there = sqlx::query("select from pg_database where datname = $1").bind(&name);
    if there.fetch_optional(&mut server).await.expect("the list of databases").is_none() {
        // It gets its name when it is finished, so that a half-made one is never cloned.
        let draft = format!("draft_{}", process::id());
        create(&mut server, &draft, "").await;
        let pool = db::connect(&cluster.url(&draft), 1).await.expect("the template");
        db::migrate(&pool).await.expect("the migrations");
        pool.close().await;
        let rename = format!("alter database {draft} rename to {name}");
        server.execute(rename.as_str()).await.expect("the template gets its name");
    }
    drop(lock);
    name
}

/// Drops what failed or killed runs left behind: everything of processes that are no more.
async fn sweep(server: &mut PgConnection, template: &str) {
    let names: Vec<String> = sqlx::query_scalar("select datname from pg_database")
        .fetch_all(&mut *server)
        .await
        .expect("the list of databases");
    for name in names.iter().filter(|name| *name != template) {
        let mut words = name.split('_');
        let left_over = match (words.next(), words.next().and_then(|id| id.parse().ok())) {
            (Some("test" | "draft"), Some(process)) => !lives(process),
            (Some("template"), _) => name.len() > "template_".len(),
            _ => false,
        };
        if left_over && name != "template0" && name != "template1" {
            drop_database(server, name).await;
        }
    }
}

fn lives(process: i32) -> bool {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), None).is_ok()
}

fn hash_of_migrations() -> String {
    let mut hash = Sha256::new();
    for migration in db::MIGRATOR.iter() {
        hash.update(migration.version.to_be_bytes());
        hash.update(&migration.checksum);
    }
    hex::encode(&hash.finalize()[..8])
}

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let (one, other) = (TestDatabase::new().await, TestDatabase::new().await);
    one.execute("create table mine ()").await.expect("a table");
    let seen = other.execute("select from mine").await;
    assert!(seen.is_err(), "a table made in one database is seen in the other");
}
