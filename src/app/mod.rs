//! The world put together: Postgres, log, router; started and stopped in order.

mod consequences;
mod database;
mod demo;
mod failure;
mod keys;
mod server;
mod signals;
mod upkeep;

pub use failure::Failure;
pub use server::serve;

use crate::config::Config;
use crate::events::Log;
use database::Database;

/// Does something with the database, beside a running server or without one, and leaves
/// everything as it was found.
///
/// # Errors
/// [`Failure`] when there is no database to be had, or the work fails.
pub async fn with_database(
    config: &Config,
    work: impl AsyncFnOnce(&Log) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let database = Database::open(config).await?;
    let outcome = async {
        let pool = database.prepare().await?;
        let log = Log::new(pool.clone(), consequences::all());
        let outcome = work(&log).await;
        pool.close().await;
        outcome
    }
    .await;
    database.close().await?;
    outcome
}
