//! Postgres: the pool, the migrations, the private cluster, listening, backups; no business words.

pub mod backup;
pub mod embedded;
pub mod lock;
pub mod notify;
pub mod partitions;
pub mod restore;
pub mod tables;

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool, Row as _};
use tokio::time::{sleep, timeout};

/// The migrations, one for the whole program.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How long a connection may rest before it is pinged on its next use. A restart of Postgres
/// leaves dead connections behind; a ping on every use would cost a tenth of the throughput.
const RESTED: Duration = Duration::from_secs(1);

/// How long connections may take to go when a pool is closed.
const CLOSE: Duration = Duration::from_secs(5);

/// How often we look whether they have gone.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Opens a pool of at most so many connections, each with its time limits set.
///
/// # Errors
/// An address that is none, or a database that cannot be reached.
pub async fn connect(url: &str, connections: u32) -> sqlx::Result<PgPool> {
    let options = options(url)?;
    // A pool would try again until its time is up and say only that; one connection says why not.
    options.connect().await?.close().await?;
    pool_options(connections).connect_with(options).await
}

fn options(url: &str) -> sqlx::Result<PgConnectOptions> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.application_name("cairn").options([
        ("lock_timeout", "5s"),
        ("statement_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ]))
}

fn pool_options(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < RESTED || connection.ping().await.is_ok()) })
        })
}

/// A pool of one connection to another pool's database, so that whoever uses it never waits behind
/// requests.
pub fn own(pool: &PgPool) -> PgPool {
    pool_options(1).connect_lazy_with((*pool.connect_options()).clone())
}

/// Closes a pool and waits until its last connection has gone, or gives that up after a while.
///
/// The pool's own closing overlooks connections that are on their way back to it; they would find
/// a Postgres that has gone before them.
pub async fn close(pool: &PgPool) {
    let closing = async {
        pool.close().await;
        while pool.size() > 0 {
            sleep(LOOK_EVERY).await;
            pool.close().await;
        }
    };
    // What is still under way after that is cut off.
    let _ = timeout(CLOSE, closing).await;
}

/// Brings the schema up to date, one process at a time; a schema newer than this program is
/// refused.
///
/// # Errors
/// A migration that fails, or one in the database that this program does not know.
pub async fn migrate(pool: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    let mut connection = patient(pool).connect().await?;
    let outcome = MIGRATOR.run_direct(&mut connection).await;
    connection.close().await?;
    outcome
}

/// Waiting for another process's migration, and a long one of our own, may take their time; that
/// they do is nothing to warn of.
fn patient(pool: &PgPool) -> PgConnectOptions {
    let options = (*pool.connect_options()).clone().disable_statement_logging();
    options.options([("lock_timeout", "0"), ("statement_timeout", "0")])
}

/// A migration that was run.
#[derive(Debug, PartialEq, Eq)]
struct Migration {
    version: i64,
    checksum: Vec<u8>,
}

/// The migrations that the database has seen, in their order.
async fn migrations(connection: &mut PgConnection) -> sqlx::Result<Vec<Migration>> {
    let query = sqlx::query("select version, checksum from _sqlx_migrations order by version");
    let rows = query.fetch_all(connection).await?;
    let migration =
        |row: &PgRow| Ok(Migration { version: row.try_get(0)?, checksum: row.try_get(1)? });
    rows.iter().map(migration).collect()
}

/// Asks the database for nothing, to see whether it answers.
///
/// # Errors
/// A database that cannot be reached.
pub async fn ping(pool: &PgPool) -> sqlx::Result<()> {
    pool.acquire().await?.ping().await
}

/// What this database is: another after a backup was restored or another cluster took over, so
/// that positions in one log are not taken for positions in the other.
///
/// # Errors
/// A database that cannot be reached.
pub async fn epoch(pool: &PgPool) -> sqlx::Result<String> {
    let identity = sqlx::query_scalar!(
        r#"select format('%s/%s/%s',
                  (select system_identifier from pg_control_system()),
                  (select timeline_id from pg_control_checkpoint()),
                  (select oid from pg_database where datname = current_database())) as "identity!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(hex::encode(&Sha256::digest(identity)[..4]))
}
