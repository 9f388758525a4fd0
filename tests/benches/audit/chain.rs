//! The chain over the log: sealing and verifying, beside a loop that hashes the same bytes; and writers
//! with somebody sealing behind them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cairn::db;
use cairn::events::chain::{self, Hash, Reader, Tables};
use cairn::events::kinds::card_moved;
use cairn::events::{AccountRef, Creator, Log};
use cairn::values::Slug;
use cairn::values::id::AccountId;
use sqlx::{PgPool, Row as _};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;

use super::dataset::Dataset;
use super::figures::median;

/// How often each is measured.
const ROUNDS: usize = 3;

/// How many events the bare loop hashes: their bytes are held in memory.
const HASHED: i64 = 200_000;

/// Who records at once, and for how long.
const WRITERS: u64 = 4;
const WRITING: Duration = Duration::from_secs(5);

/// Sealing, verifying and writing.
pub(super) async fn show(dataset: &Dataset) {
    let pool = dataset.pool();
    let account = account(pool).await;
    let tables = Arc::new(Tables::read(pool).await.expect("tables"));
    seal_words(pool).await;
    println!("\nThe chain over {} events in typed tables", dataset.entries());
    sealing(pool, &tables, account).await;
    let verified = verified(pool, &tables, account).await;
    let (hashed, bytes) = hashed(pool, &tables, account).await;
    println!("{:<38}{verified:>12.0} events/s   target 75000", "verified");
    println!(
        "{:<38}{hashed:>12.0} events/s   {bytes:.0} bytes each",
        "a bare loop hashing the same bytes"
    );
    println!("{:<38}{:>12.2}", "ratio", verified / hashed);
    writing(&dataset.url(), &tables).await;
}

/// Rows were multiplied, and addresses made up: what stands beside their words is made to fit.
async fn seal_words(pool: &PgPool) {
    let statements = "set statement_timeout = 0;
        create function pg_temp.word(text) returns bytea immutable language sql as $$
            select int8send(octet_length(coalesce($1, ''))) || convert_to(coalesce($1, ''), 'UTF8')
        $$;
        update addresses set salt = '\\x00', digest = sha256('\\x00' || pg_temp.word(address));
        update card_updated e set digest = sha256(e.salt || pg_temp.word(title) || coalesce((
            select string_agg(pg_temp.word(old) || pg_temp.word(new), ''::bytea
                              order by attribute collate \"C\")
            from card_updated_changes c where c.account_id = e.account_id and c.event_id = e.id), ''));
        vacuum analyze card_updated";
    let mut connection = pool.acquire().await.expect("a connection");
    for statement in statements.split(";\n") {
        sqlx::raw_sql(statement).execute(&mut *connection).await.expect("digests");
    }
    connection.detach();
}

async fn account(pool: &PgPool) -> AccountId {
    let most = "select account_id from account_heads order by sequence desc limit 1";
    sqlx::query_scalar(most).fetch_one(pool).await.expect("an account")
}

async fn sealing(pool: &PgPool, tables: &Arc<Tables>, account: AccountId) {
    sqlx::query("truncate seals").execute(pool).await.expect("no seals");
    let (wal, cpu, start) = (wal(pool).await, Cpu::now(pool).await, Instant::now());
    chain::seal(pool, tables, account).await.expect("it is sealed");
    let (took, used) = (start.elapsed().as_secs_f64(), Cpu::now(pool).await);
    let written = self::wal(pool).await - wal;
    let sealed: i64 = sqlx::query_scalar("select sum(octet_length(hashes)) / 32 from seals")
        .fetch_one(pool)
        .await
        .expect("seals");
    let each = sealed as f64;
    println!("{:<38}{:>12.0} events/s", "sealed", each / took);
    println!(
        "{:<38}{:>12.1} µs here, {:.1} µs in Postgres, {:.0} bytes of WAL an event",
        "  CPU and WAL",
        (used.here - cpu.here) / each * 1e6,
        (used.postgres - cpu.postgres) / each * 1e6,
        written / each
    );
}

async fn verified(pool: &PgPool, tables: &Arc<Tables>, account: AccountId) -> f64 {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let beginning = (0, Hash::beginning(account));
        let verified = chain::verify(pool, tables, account, beginning, &[]).await;
        let verified = verified.expect("it is verified");
        assert_eq!(verified.findings.first(), None, "the log is as it was recorded");
        rates.push(verified.events as f64 / start.elapsed().as_secs_f64());
    }
    median(rates)
}

/// Events a second that are hashed when their bytes are at hand, and how many bytes each has.
async fn hashed(pool: &PgPool, tables: &Arc<Tables>, account: AccountId) -> (f64, f64) {
    let reader = Reader::new(pool.clone(), Arc::clone(tables), account);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut after = 0;
    while after < HASHED {
        let window = reader.window(after, 5_000).await.expect("a window");
        let Some(last) = window.last() else { break };
        lines.extend(window.records().map(|record| record.expect("a record").line));
        after = last;
    }
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let hash = lines.iter().fold(Hash::beginning(account), |hash, line| hash.then(line));
        std::hint::black_box(hash);
        rates.push(lines.len() as f64 / start.elapsed().as_secs_f64());
    }
    let bytes: usize = lines.iter().map(Vec::len).sum();
    (median(rates), bytes as f64 / lines.len() as f64)
}

/// What writers do while nobody seals, and while somebody does every second.
async fn writing(url: &str, tables: &Arc<Tables>) {
    let pool = db::connect(url, 8).await.expect("the database");
    println!("\n{WRITERS} writers in one account, by turns without and with somebody sealing");
    println!("{:<10}{:>14}{:>20}{:>16}", "sealing", "events/s", "statements each", "waits for it");
    for sealing in [false, true, false, true] {
        let written = Written::of(&pool, url, tables, sealing).await;
        println!(
            "{:<10}{:>14.0}{:>20.2}{:>16}",
            if sealing { "on" } else { "off" },
            written.events as f64 / WRITING.as_secs_f64(),
            written.statements as f64 / written.events as f64,
            written.waits
        );
        if let Some(locks) = written.locks {
            println!("  the sealer’s locks: {locks}");
        }
    }
    pool.close().await;
}

/// What came of some seconds of writing.
struct Written {
    events: u64,
    /// Those of the writers.
    statements: i64,
    /// How often a writer was seen waiting for the sealer.
    waits: i64,
    locks: Option<String>,
}

impl Written {
    async fn of(pool: &PgPool, url: &str, tables: &Arc<Tables>, sealing: bool) -> Self {
        let account = AccountId::new();
        let head = "insert into account_heads values ($1, 0)";
        sqlx::query(head).bind(account).execute(pool).await.expect("a head");
        sqlx::query("select pg_stat_statements_reset()").execute(pool).await.expect("a reset");
        let stop = CancellationToken::new();
        let sealer = tokio::spawn(seal_behind(
            sealing.then(|| named(url, "sealer")),
            Arc::clone(tables),
            account,
            stop.clone(),
        ));
        let watch = tokio::spawn(watch(pool.clone(), stop.clone()));
        let events = write(url, account).await;
        stop.cancel();
        let locks = sealer.await.expect("it seals");
        let waits = watch.await.expect("it watches");
        let statements = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
            where query ~ '(into card_moved|update account_heads|COMMIT|BEGIN|cairn.change)'";
        let statements = sqlx::query_scalar(statements).fetch_one(pool).await.expect("statements");
        Self { events, statements, waits, locks }
    }
}

/// The same address with a name for its connections.
fn named(url: &str, name: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}application_name={name}")
}

async fn write(url: &str, account: AccountId) -> u64 {
    let pool = db::connect(&named(url, "writer"), WRITERS as u32).await.expect("the database");
    let log = Log::new(pool.clone(), Vec::new());
    let slug = Slug::parse("bench").expect("a slug");
    let creator = Creator::system(AccountRef { id: account, slug });
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (log, creator, until) = (log.clone(), creator.clone(), Instant::now() + WRITING);
        writers.spawn(async move {
            let mut events = 0_u64;
            while Instant::now() < until {
                let change = log.change(&creator).await.expect("a change");
                let event = (card_moved::KIND.example)();
                change.record_all(vec![event]).await.expect("it is recorded");
                events += 1;
            }
            events
        });
    }
    let events = writers.join_all().await.into_iter().sum();
    pool.close().await;
    events
}

/// Seals every second until stopped; the locks that were seen to be held meanwhile.
async fn seal_behind(
    url: Option<String>,
    tables: Arc<Tables>,
    account: AccountId,
    stop: CancellationToken,
) -> Option<String> {
    let url = url?;
    let pool = db::connect(&url, 1).await.expect("the database");
    let watching = db::connect(&url.replace("=sealer", "=watcher"), 1).await.expect("the database");
    let seen = tokio::spawn(locks(watching, stop.clone()));
    while stop.run_until_cancelled(sleep(Duration::from_secs(1))).await.is_some() {
        chain::seal(&pool, &tables, account).await.expect("it is sealed");
    }
    pool.close().await;
    Some(seen.await.expect("it watches"))
}

/// The modes in which the sealer was seen to lock tables.
async fn locks(pool: PgPool, stop: CancellationToken) -> String {
    let mut modes = std::collections::BTreeSet::new();
    let mut looks = interval(Duration::from_millis(1));
    while stop.run_until_cancelled(looks.tick()).await.is_some() {
        let rows = sqlx::query(
            "select distinct mode || case when relation = 'seals'::regclass then ' on seals' else '' end
             from pg_locks join pg_stat_activity using (pid)
             where application_name = 'sealer' and locktype = 'relation'",
        );
        let rows = rows.fetch_all(&pool).await.expect("locks");
        modes.extend(rows.iter().map(|row| row.get::<String, _>(0)));
    }
    pool.close().await;
    modes.into_iter().collect::<Vec<_>>().join(", ")
}

/// How often a writer was seen waiting for the sealer.
async fn watch(pool: PgPool, stop: CancellationToken) -> i64 {
    let mut waits = 0;
    let mut looks = interval(Duration::from_millis(5));
    while stop.run_until_cancelled(looks.tick()).await.is_some() {
        waits += sqlx::query_scalar::<_, i64>(
            "select count(*) from pg_stat_activity waiting, unnest(pg_blocking_pids(waiting.pid)) blocking
             join pg_stat_activity sealer on sealer.pid = blocking
             where sealer.application_name = 'sealer'",
        )
        .fetch_one(&pool)
        .await
        .expect("who waits");
    }
    waits
}

async fn wal(pool: &PgPool) -> f64 {
    let written = "select (pg_current_wal_lsn() - '0/0')::float8";
    sqlx::query_scalar(written).fetch_one(pool).await.expect("the log of Postgres")
}

/// The CPU that was used until now, in seconds.
struct Cpu {
    here: f64,
    postgres: f64,
}

impl Cpu {
    async fn now(pool: &PgPool) -> Self {
        let backends: Vec<i32> = sqlx::query_scalar(
            "select pid from pg_stat_activity where backend_type = 'client backend'",
        )
        .fetch_all(pool)
        .await
        .expect("backends");
        let postgres = backends.iter().map(|pid| used(&format!("/proc/{pid}/schedstat"))).sum();
        let tasks = std::fs::read_dir("/proc/self/task").expect("this process");
        let here =
            tasks.flatten().map(|task| used(&task.path().join("schedstat").to_string_lossy()));
        Self { here: here.sum(), postgres }
    }
}

fn used(path: &str) -> f64 {
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    stat.split(' ').next().and_then(|used| used.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
