//! The world put together: Postgres, log, router; started and stopped in order.

pub mod consequences;
mod database;
pub mod demo;
mod failure;
mod keys;
mod listener;
mod server;
mod signals;
mod upkeep;

pub use failure::Failure;
pub use server::{StartTracker, serve, serve_with};

use crate::config::Config;
use crate::db;
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
    let mut stop = signals::Stop::listen()?;
    let opened = stop.unless_requested(Database::open(config)).await;
    let mut database = opened.unwrap_or_else(|| Err(Failure::interrupted()))?;
    let working = async {
        let pool = database.prepare().await?;
        let log = Log::new(pool.clone(), consequences::all(&config.address(config.bind)));
        let outcome = work(&log).await;
        db::close(&pool).await;
        outcome
    };
    let worked = stop.unless_requested(working).await;
    database.close().await?;
    worked.unwrap_or_else(|| Err(Failure::interrupted()))
}
