//! Waiting for the moment at which a connection leaves a server that stops.

use tokio::time::Instant;

/// Waits for a moment that may not be set yet.
pub(super) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
