//! The whole log as a file: how soon it begins, how fast it goes on, and what it holds meanwhile.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::dataset::Dataset;
use super::figures::median;
use super::served::Served;

/// How often an export is begun to learn how soon it does.
const BEGINNINGS: usize = 20;

/// How often it is looked at what Postgres has open.
const LOOKS: Duration = Duration::from_millis(20);

/// What an export came to.
struct Export {
    rows: usize,
    bytes: usize,
    seconds: f64,
    /// How much more memory the server held at its peak, in MiB.
    growth: f64,
    /// How many transactions of the server lay open without doing anything, at the most.
    idle: i64,
    /// The longest that a transaction of the server had been open, in milliseconds.
    oldest: f64,
}

pub(super) async fn show(dataset: &Dataset) {
    println!(
        "{:<22}{:>10}{:>12}{:>10}{:>10}{:>12}{:>10}{:>14}{:>14}",
        "export",
        "entries",
        "rows/s",
        "MiB",
        "s",
        "first ms",
        "MiB more",
        "open, idle",
        "oldest ms"
    );
    for (name, path) in [("CSV", "audit.csv"), ("NDJSON", "audit.ndjson")] {
        let mut served = Served::start(dataset).await;
        let first = first_byte(&served, path).await;
        let export = export(dataset, &served, path).await;
        served.stop().await;
        println!(
            "{name:<22}{:>10}{:>12.0}{:>10.0}{:>10.1}{first:>12.1}{:>10.1}{:>14}{:>14.0}",
            export.rows,
            export.rows as f64 / export.seconds,
            export.bytes as f64 / 1_048_576.0,
            export.seconds,
            export.growth,
            export.idle,
            export.oldest
        );
    }
    let (rows, seconds) = bare(dataset.pool()).await;
    println!(
        "{:<22}{rows:>10}{:>12.0}{:>20.1}",
        "bare COPY, no words",
        rows as f64 / seconds,
        seconds
    );
    // Whoever signs in to ask for it is an entry too.
    assert!(dataset.entries() <= i64::try_from(rows).expect("a count"));
}

/// How long it takes until the first bytes are there; the median of some, each of which is let go.
async fn first_byte(served: &Served, path: &str) -> f64 {
    let mut times = Vec::new();
    for _ in 0..BEGINNINGS {
        let start = Instant::now();
        let mut answer = served.request(path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.chunk().await.expect("a beginning").expect("some of it");
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    median(times)
}

async fn export(dataset: &Dataset, served: &Served, path: &str) -> Export {
    let before = served.memory();
    served.forget_peak();
    let (end, ended) = oneshot::channel();
    let looking = tokio::spawn(look(dataset.pool().clone(), ended));
    let start = Instant::now();
    let mut answer = served.request(path).send().await.expect("an answer");
    let (mut lines, mut bytes) = (0, 0);
    while let Some(chunk) = answer.chunk().await.expect("more of it, or its end") {
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        bytes += chunk.len();
    }
    let seconds = start.elapsed().as_secs_f64();
    let growth = (served.peak() - before) / 1024.0;
    drop(end);
    let (idle, oldest) = looking.await.expect("it looked");
    let head = usize::from(path.ends_with("csv"));
    Export { rows: lines - head, bytes, seconds, growth, idle, oldest }
}

/// The most transactions that lay open idle, and the oldest one, until the end is told.
async fn look(pool: PgPool, mut ended: oneshot::Receiver<()>) -> (i64, f64) {
    let query = "select count(*) filter (where state like 'idle in transaction%'),
            coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 * 1000
        from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
            and backend_type = 'client backend'";
    let (mut idle, mut oldest) = (0, 0.0_f64);
    while timeout(LOOKS, &mut ended).await.is_err() {
        let seen: (i64, f64) = sqlx::query_as(query).fetch_one(&pool).await.expect("activity");
        idle = idle.max(seen.0);
        oldest = oldest.max(seen.1);
    }
    (idle, oldest)
}

/// The log itself by COPY, without its events, their words and their changes: how many rows, and
/// how long that took.
async fn bare(pool: &PgPool) -> (usize, f64) {
    let mut connection = pool.acquire().await.expect("a connection");
    let start = Instant::now();
    let copy = "copy (select * from activities order by sequence desc) to stdout (format csv)";
    let copied = connection.copy_out_raw(copy).await.expect("a copy");
    let rows = copied.try_fold(0, |rows, chunk| async move {
        Ok(rows + chunk.iter().filter(|byte| **byte == b'\n').count())
    });
    let rows = rows.await.expect("all of it");
    (rows, start.elapsed().as_secs_f64())
}
