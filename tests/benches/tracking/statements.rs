//! What Postgres was asked: how often, how long each statement took, and over which connections.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use sqlx::{Executor as _, PgPool, Row as _};

/// How the statement begins that stores reports.
pub(super) const STORES: &str = "-- Stores reports";

/// A statement, and its mean time in milliseconds.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) calls: i64,
    pub(super) mean: f64,
}

/// Forgets the statements until now.
pub(super) async fn forget(pool: &PgPool) {
    pool.execute("select pg_stat_statements_reset()").await.expect("the extension");
}

/// Those that ran so often at least since, the slowest first.
pub(super) async fn since(pool: &PgPool, calls: i64) -> Vec<Statement> {
    let query = "select query, calls, mean_exec_time from pg_stat_statements
                 where calls >= $1 and toplevel
                   and dbid = (select oid from pg_database where datname = current_database())
                 order by mean_exec_time desc";
    let rows = sqlx::query(query).bind(calls).fetch_all(pool).await.expect("the extension");
    let statement = |row: sqlx::postgres::PgRow| Statement {
        sql: row.get("query"),
        calls: row.get("calls"),
        mean: row.get("mean_exec_time"),
    };
    rows.into_iter().map(statement).collect()
}

/// How often reports were stored since.
pub(super) async fn stores(pool: &PgPool) -> i64 {
    let statements = since(pool, 1).await.into_iter();
    statements.filter(|it| it.sql.starts_with(STORES)).map(|it| it.calls).sum()
}

/// Who waited for whom, as the log of Postgres tells it.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// Connections that stored reports.
    pub(super) tracking: HashSet<i64>,
    /// How often they did.
    pub(super) stores: usize,
    /// What else these connections ran.
    pub(super) others_of_tracking: usize,
    /// What all other connections ran.
    pub(super) others: usize,
    /// Waits for a lock, of anybody but tracking, of more than a millisecond.
    pub(super) locks: usize,
    /// Those among them for one that a connection of tracking's held.
    pub(super) locks_of_tracking: usize,
}

/// Where the log of Postgres ends now.
pub(super) async fn end_of_log(pool: &PgPool) -> i64 {
    let size = "select size from pg_stat_file(pg_current_logfile('jsonlog'))";
    sqlx::query_scalar(size).fetch_one(pool).await.expect("a log")
}

/// Reads the log from there, of the program's connections alone.
pub(super) async fn waits_since(pool: &PgPool, end: i64) -> Waits {
    let query = "select pg_read_file(file, $1, 1000000000, true) from
                 pg_current_logfile('jsonlog') as file";
    let text = sqlx::query_scalar::<_, String>(query).bind(end).fetch_one(pool).await;
    let text = text.expect("a log");
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let entries: Vec<Value> =
        entries.filter(|entry| entry["application_name"] == "cairn").collect();
    Waits::of(&entries)
}

impl Waits {
    fn of(entries: &[Value]) -> Self {
        let mut waits = Self::default();
        let (mut ran, mut blocked) = (HashMap::<i64, usize>::new(), Vec::new());
        for entry in entries {
            let (process, message) =
                (entry["pid"].as_i64().unwrap_or_default(), said(entry, "message"));
            if message.contains("still waiting for") {
                blocked.push((process, holders(said(entry, "detail"))));
            } else if let Some((_, sql)) = message.split_once(" ms  execute ") {
                match sql.contains(STORES) {
                    true => {
                        waits.tracking.insert(process);
                        waits.stores += 1;
                    }
                    false => *ran.entry(process).or_default() += 1,
                }
            }
        }
        for (process, count) in ran {
            match waits.tracking.contains(&process) {
                true => waits.others_of_tracking += count,
                false => waits.others += count,
            }
        }
        let of_others = blocked.iter().filter(|(process, _)| !waits.tracking.contains(process));
        let of_others: Vec<_> = of_others.collect();
        waits.locks = of_others.len();
        let held = |holders: &[i64]| holders.iter().any(|it| waits.tracking.contains(it));
        waits.locks_of_tracking = of_others.iter().filter(|(_, holders)| held(holders)).count();
        waits
    }
}

fn said<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry[name].as_str().unwrap_or_default()
}

/// The numbers in `Process holding the lock: 17. Wait queue: 18.` before the queue.
fn holders(detail: &str) -> Vec<i64> {
    let holding = detail.split("Wait queue").next().unwrap_or_default();
    let numbers = holding.split(|character: char| !character.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}
