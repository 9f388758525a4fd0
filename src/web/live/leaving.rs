//! When a connection leaves a server that stops: not all at once, or all would come back at once.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;

use crate::live::Hub;

/// No connection stays longer than that.
const LONGEST: Duration = Duration::from_secs(8);

/// So long for each connection that is open.
const EACH: Duration = Duration::from_millis(2);

/// A moment of chance within the time that it takes to let all go in turn.
pub(super) fn moment(hub: &Hub) -> Instant {
    let open = u32::try_from(hub.sockets().count()).unwrap_or(u32::MAX);
    let within = EACH.saturating_mul(open).min(LONGEST);
    Instant::now() + within.mul_f64(rand::thread_rng().gen_range(0.0..=1.0))
}

/// Waits for a moment that may not be set yet.
pub(super) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
