//! What Postgres has used: the CPU of its processes, and statements.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use sqlx::{Executor as _, PgPool, Row as _};

/// The CPU of all processes of a cluster at some moment, in nanoseconds.
pub(super) struct PostgresCpu(HashMap<u32, u64>);

impl PostgresCpu {
    /// Until now. Of a process that ends nothing is known afterwards; connections are kept.
    pub(super) fn now() -> Self {
        let postmaster = postmaster();
        let processes = fs::read_dir("/proc").expect("Linux").filter_map(|entry| {
            let process: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            (parent(process)? == postmaster).then_some(process)
        });
        let used = processes.filter_map(|process| {
            let stat = fs::read_to_string(format!("/proc/{process}/schedstat")).ok()?;
            Some((process, stat.split(' ').next()?.parse().ok()?))
        });
        Self(used.collect())
    }

    /// Seconds used since.
    pub(super) fn since(&self) -> f64 {
        let used = |(process, now): (&u32, &u64)| {
            now.saturating_sub(self.0.get(process).copied().unwrap_or(0))
        };
        Self::now().0.iter().map(used).sum::<u64>() as f64 / 1e9
    }
}

fn postmaster() -> u32 {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-webhooks");
    let file = fs::read_to_string(folder.join("postgres/cluster/postmaster.pid"));
    let id = file.expect("it runs").lines().next().and_then(|line| line.trim().parse().ok());
    id.expect("the id of a process")
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}

/// Forgets the statements until now.
pub(super) async fn forget_statements(pool: &PgPool) {
    pool.execute("select pg_stat_statements_reset()").await.expect("the extension");
}

/// How many statements there were since.
pub(super) async fn statements(pool: &PgPool) -> f64 {
    let count = "select coalesce(sum(calls), 0)::float8 from pg_stat_statements
                 where dbid = (select oid from pg_database where datname = current_database())";
    sqlx::query_scalar(count).fetch_one(pool).await.expect("the extension")
}

/// The milliseconds that claiming took, for each delivery that was claimed.
pub(super) async fn claiming(pool: &PgPool) -> f64 {
    let claims = "select coalesce(sum(total_exec_time), 0)::float8 as time,
                      coalesce(sum(rows) filter (where query like '%claimed d%'), 1)::float8 as rows
                  from pg_stat_statements
                  where query like '%webhook_due d%' or query like '%claimed d%'";
    let row = pool.fetch_one(claims).await.expect("the extension");
    row.get::<f64, _>("time") / row.get::<f64, _>("rows").max(1.0)
}
