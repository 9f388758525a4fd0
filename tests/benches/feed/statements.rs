//! What pages ask of Postgres: how much it costs, and the very statements with their parameters.

use std::time::Instant;

use serde_json::Value;
use sqlx::{PgPool, Row as _};

use super::dataset::Dataset;
use super::served::Served;

/// What a page costs.
#[derive(Debug)]
pub(super) struct Cost {
    pub(super) page: &'static str,
    pub(super) activities: i64,
    /// How many statements.
    pub(super) statements: usize,
    /// The sum of their mean execution times, in milliseconds.
    pub(super) sql: f64,
    /// From the request to its last byte, in milliseconds; the median.
    pub(super) page_time: f64,
}

/// Opens so many pages of a sort that nobody has drawn yet, each of which begins one activity after
/// the one before, and asks Postgres what that was.
pub(super) async fn cost(
    dataset: &Dataset,
    served: &Served,
    page: &'static str,
    path: &str,
    visits: u32,
) -> Cost {
    let page_before = |visit: u32| {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}before={}", dataset.activities() - i64::from(visit))
    };
    // Each connection plans a statement anew a few times before it settles.
    for visit in 0..visits {
        served.get(&page_before(visit)).await;
    }
    let pool = dataset.pool();
    sqlx::query("select pg_stat_statements_reset()").execute(pool).await.expect("the extension");
    let mut times = Vec::new();
    for visit in visits..2 * visits {
        let start = Instant::now();
        let body = served.get(&page_before(visit)).await;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(body.matches("<li class=\"activity\"").count(), 50, "{path}");
    }
    // What runs beside the pages, once a second, is no part of them.
    let query = "select calls, mean_exec_time from pg_stat_statements
                 where calls >= $1 and dbid = (select oid from pg_database
                                               where datname = current_database())";
    let rows = sqlx::query(query).bind(i64::from(visits) * 9 / 10).fetch_all(pool).await;
    let rows = rows.expect("the extension");
    let mean = |row: &sqlx::postgres::PgRow| row.get::<f64, _>("mean_exec_time");
    let calls = |row: &sqlx::postgres::PgRow| row.get::<i64, _>("calls") as f64 / f64::from(visits);
    times.sort_by(f64::total_cmp);
    Cost {
        page,
        activities: dataset.activities(),
        statements: rows.iter().map(|row| calls(row).round() as usize).sum(),
        sql: rows.iter().map(|row| calls(row) * mean(row)).sum(),
        page_time: times[times.len() / 2],
    }
}

/// A statement with its parameters as Postgres writes them; none for null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) parameters: Vec<Option<String>>,
}

/// The log that Postgres writes, read from where it was read before.
pub(super) struct StatementLog<'a> {
    pool: &'a PgPool,
    read: i64,
}

impl<'a> StatementLog<'a> {
    /// From its end.
    pub(super) async fn at_end(pool: &'a PgPool) -> Self {
        let mut log = Self { pool, read: 0 };
        log.next().await;
        log
    }

    /// The statements that were logged since.
    pub(super) async fn next(&mut self) -> Vec<Statement> {
        let query = "select pg_read_file(file, $1, 1000000000, true) as text
                     from pg_current_logfile('jsonlog') as file";
        let text: String =
            sqlx::query_scalar(query).bind(self.read).fetch_one(self.pool).await.expect("a log");
        // A line that is still being written is read the next time.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        self.read += i64::try_from(whole).expect("a length");
        text[..whole].lines().filter_map(statement).collect()
    }
}

fn statement(line: &str) -> Option<Statement> {
    let entry: Value = serde_json::from_str(line).expect("a line of JSON");
    let (_, said) = entry["message"].as_str()?.split_once(" ms  execute ")?;
    let (_, sql) = said.split_once(": ")?;
    let detail = entry["detail"].as_str().unwrap_or_default();
    let parameters = detail.split_once("arameters: ").map_or("", |(_, parameters)| parameters);
    Some(Statement { sql: sql.to_owned(), parameters: values(parameters) })
}

/// The values of `$1 = 'text', $2 = NULL`.
fn values(mut text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    while let Some((_, rest)) = text.split_once(" = ") {
        let Some(quoted) = rest.strip_prefix('\'') else {
            values.push(None);
            text = rest.strip_prefix("NULL").expect("a value or none");
            continue;
        };
        let end = closing_quote(quoted);
        values.push(Some(quoted[..end].replace("''", "'")));
        text = &quoted[end + 1..];
    }
    values
}

fn closing_quote(text: &str) -> usize {
    let mut at = 0;
    loop {
        at += text[at..].find('\'').expect("a quote that closes");
        if !text[at + 1..].starts_with('\'') {
            return at;
        }
        at += 2;
    }
}
