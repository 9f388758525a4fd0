//! Moves a second through the domain verb, with all that follows from one, beside pgbench with the
//! same statements and connections. Needs pgbench; `cargo bench --bench commit -- SECONDS`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cairn::db::embedded::{Cluster, Settings};
use cairn::domain::{Access, Account, Actor, cards};
use cairn::events::Log;
use cairn::values::id::{AccountId, ColumnId, SignInId, UserId};
use cairn::values::{Color, Role, Slug, Tracked, TrackingDays, Zone};
use cairn::{db, notifications, webhooks};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use uuid::Uuid;

/// Connections, and whoever uses one.
const CLIENTS: u64 = 8;

/// Accounts that are moved in by turns; the one after them is the hot one.
const ACCOUNTS: u64 = 64;

/// Runs of each; the median counts.
const ROUNDS: usize = 3;

/// begin; lock the column, lock the card, find the place, put it there, the typed row, the
/// endpoints, the notices, the head with the activity, what is owed; commit.
const ROUND_TRIPS: u32 = 11;

#[tokio::main]
async fn main() {
    let seconds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(5_u64);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&folder).expect("a folder below target");
    let settings = Settings { data_dir: folder, durable: true, options: Vec::new() };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    let url = seeded(&cluster).await;
    println!("A move takes {ROUND_TRIPS} round trips, 2 of them with the head taken.");
    println!("{:<16}{:>12}{:>12}{:>8}", "moves a second", "ours", "pgbench", "ratio");
    for (name, hot) in [("many accounts", false), ("one hot account", true)] {
        let (ours, limit) = compare(&url, hot, seconds).await;
        println!("{name:<16}{ours:>12.0}{limit:>12.0}{:>8.2}", ours / limit);
    }
    cluster.stop().await.expect("the cluster stops");
}

/// A database of its own with what is moved in it.
async fn seeded(cluster: &Cluster) -> String {
    let mut server = PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
    server.execute("drop database if exists bench_commit with (force)").await.expect("a drop");
    server.execute("create database bench_commit").await.expect("a database");
    let url = cluster.url("bench_commit");
    let pool = db::connect(&url, 1).await.expect("the database");
    db::migrate(&pool).await.expect("the migrations");
    run(&pool, include_str!("commit/seed.sql")).await;
    pool.close().await;
    url
}

async fn run(pool: &PgPool, sql: &str) {
    pool.execute(sqlx::raw_sql(sql)).await.expect("the statements of a file");
}

/// The medians of alternating runs: ours and the limit, in moves a second.
async fn compare(url: &str, hot: bool, seconds: u64) -> (f64, f64) {
    let pool = db::connect(url, CLIENTS as u32).await.expect("the database");
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        run(&pool, include_str!("commit/reset.sql")).await;
        ours.push(moves(&pool, hot, seconds).await);
        run(&pool, include_str!("commit/reset.sql")).await;
        limit.push(pgbench(url, hot, seconds));
    }
    pool.close().await;
    (median(ours), median(limit))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Moves through the verb for so long.
async fn moves(pool: &PgPool, hot: bool, seconds: u64) -> f64 {
    let log = Log::new(
        pool.clone(),
        vec![
            Arc::new(webhooks::Owing::new("http://127.0.0.1:3000/")),
            Arc::new(notifications::Telling),
        ],
    );
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let clients: Vec<_> = (1..=CLIENTS)
        .map(|client| tokio::spawn(client_of(log.clone(), client, hot, end)))
        .collect();
    let mut moves = 0;
    for client in clients {
        moves += client.await.expect("a client that ends");
    }
    moves as f64 / start.elapsed().as_secs_f64()
}

/// Moves its own card on its own board there and back, account by account.
async fn client_of(log: Log, card: u64, hot: bool, end: Instant) -> u64 {
    let actors: Vec<Actor> = (1..=ACCOUNTS + 1).map(actor).collect();
    let mut moves = 0;
    while Instant::now() < end {
        let (account, turn) = match hot {
            true => (ACCOUNTS, moves % 2),
            false => (moves % ACCOUNTS, moves / ACCOUNTS % 2),
        };
        let column = ColumnId::from(id(card * 2 - turn));
        let actor = &actors[account as usize];
        cards::relocate(&log, actor, card as i64, column, None).await.expect("a move");
        moves += 1;
    }
    moves
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(number.into())
}

fn actor(account: u64) -> Actor {
    Actor {
        account: Account {
            id: AccountId::from(id(account)),
            slug: Slug::parse(&format!("account-{account}")).expect("a slug"),
            name: "Account".to_owned(),
            zone: Zone::utc(),
            shows_receipts: false,
            keeps_addresses: false,
            tracking_days: TrackingDays::default(),
        },
        user_id: UserId::from(id(1)),
        name: "Olive Marsh".to_owned(),
        color: Color::Slate,
        role: Role::Owner,
        zone: Zone::utc(),
        tracked: Tracked::Shown,
        access: Access::SignIn(SignInId::new()),
        address: None,
    }
}

/// The same statements by pgbench for so long.
fn pgbench(url: &str, hot: bool, seconds: u64) -> f64 {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benches/commit/move.sql");
    let output = Command::new(program())
        .args(["-n", "-M", "prepared", "-j", "2", "-D", "i=-1"])
        .args(["-D", if hot { "hot=1" } else { "hot=0" }])
        .args(["-c", &CLIENTS.to_string(), "-T", &seconds.to_string(), "-f"])
        .arg(script)
        .arg(url)
        .output()
        .expect("pgbench is installed");
    let said = String::from_utf8_lossy(&output.stdout);
    let figure = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    let failed = || panic!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
    figure.and_then(|figure| figure.parse().ok()).unwrap_or_else(failed)
}

/// pgbench on the path, or where Debian keeps it.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    std::env::split_paths(&path)
        .chain(debian.map(|version| version.path().join("bin")))
        .map(|folder| folder.join("pgbench"))
        .find(|program| program.is_file())
        .expect("pgbench, which comes with Postgres, is missing here")
}
