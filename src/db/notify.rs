//! Hints to all processes that something was committed, sent after the commit.
//!
//! A NOTIFY inside a writing transaction takes a lock that makes all commits queue; so it is sent
//! after them, for many at once over a connection of its own where they are many. It may get lost:
//! every listener also looks by itself, or when it listens again.

use std::fmt::Display;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// The channel on which pages are told.
pub const CHANNEL: &str = "live";

/// The channel on which the job runner is told.
pub const JOBS: &str = "mq";

/// The channel on which it is told who has read their notices.
pub const READINGS: &str = "readings";

/// The channel on which it is told which endpoints’ logs have changed.
pub const DELIVERIES: &str = "deliveries";

/// The channel on which it is told which boards and cards somebody has seen.
pub const RECEIPTS: &str = "receipts";

/// The channel on which processes say who looks at what.
pub const PRESENCE: &str = "presence";

/// The channel on which it is told which sign-ins were revoked, by their ids.
pub const REVOCATIONS: &str = "revocations";

/// The channel on which it is told of which account something was erased, by its id.
pub const ERASURES: &str = "erasures";

/// The longest hint, in bytes; Postgres takes less than 8,000.
const LONGEST: usize = 7_500;

/// How long commits are gathered for one hint.
const GATHER: Duration = Duration::from_millis(5);

/// Sends hints after commits, a line for each, until their sender is gone; without a line where
/// there were too many. Over a connection of its own to the pool's database: a hint that queues
/// behind requests comes too late to be one.
pub async fn notify_after_commits<T: Clone + Display>(pool: PgPool, mut commits: Receiver<T>) {
    let mut connection = None;
    while let Some(words) = gather(&mut commits).await {
        if let Err(error) = notify(&pool, &mut connection, &words).await {
            tracing::debug!(%error, "a hint was not sent; the others look by themselves");
        }
    }
}

/// What there is to say of the commits of a few milliseconds; none at the end.
async fn gather<T: Clone + Display>(commits: &mut Receiver<T>) -> Option<String> {
    let (mut words, mut too_many) = (String::new(), false);
    match commits.recv().await {
        Ok(commit) => words = format!("{commit}\n"),
        Err(RecvError::Lagged(_)) => too_many = true,
        Err(RecvError::Closed) => return None,
    }
    tokio::time::sleep(GATHER).await;
    loop {
        match commits.try_recv() {
            Ok(commit) => words += &format!("{commit}\n"),
            Err(TryRecvError::Lagged(_)) => too_many = true,
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    let says_all = !too_many && words.len() <= LONGEST;
    Some(if says_all { words } else { String::new() })
}

/// Leaves the connection behind for the next time, unless it failed.
async fn notify(
    pool: &PgPool,
    connection: &mut Option<PgConnection>,
    words: &str,
) -> sqlx::Result<()> {
    let mut own = match connection.take() {
        Some(own) => own,
        None => connect(pool).await?,
    };
    sqlx::query!(
        r#"select pg_notify($1, $2) as "live", pg_notify($3, '') as "jobs""#,
        CHANNEL,
        words,
        JOBS
    )
    .execute(&mut own)
    .await?;
    *connection = Some(own);
    Ok(())
}

/// A hint need not reach the disk.
async fn connect(pool: &PgPool) -> sqlx::Result<PgConnection> {
    let options = (*pool.connect_options()).clone().options([("synchronous_commit", "off")]);
    PgConnection::connect_with(&options).await
}

/// Sends one hint in a transaction of its own, about something that is committed already. It need
/// not reach the disk, so nobody waits for that.
///
/// # Errors
/// A database that fails; then the hint is lost.
pub async fn hint(pool: &PgPool, channel: &str, words: &str) -> sqlx::Result<()> {
    sqlx::query!(
        r#"select pg_notify($1, $2) as "sent" from set_config('synchronous_commit', 'off', true)"#,
        channel,
        words,
    )
    .execute(pool)
    .await?;
    Ok(())
}
