//! The log of an endpoint as lines of JSON, for as long as somebody reads them.

use std::io;

use futures_util::stream::{Stream, try_unfold};
use sqlx::PgPool;

use super::{Filter, Log, window};
use crate::domain::{Actor, Result};
use crate::values::id::EndpointId;

/// How many deliveries are read at once.
const WINDOW: usize = 100;

/// Whose log is read, and what of it.
struct Reading {
    pool: PgPool,
    actor: Actor,
    endpoint: EndpointId,
    filter: Filter,
}

/// Where an export stands.
enum Place {
    /// The first window, which is read before anything is answered: what is wrong is said then.
    First(Log),
    /// Before a number.
    Before(i64),
    /// All is told.
    End,
}

/// The deliveries of an endpoint that a filter lets through, the newest first, a line each with its
/// tries. What is owed while it is read does not come any more.
///
/// It is read window by window, each in a task of its own: between two nothing is held, and whoever
/// stops reading cuts off no query. What whoever asks may do is asked for each, and it breaks off when
/// they are no admin any more.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins; `Invalid`
/// names what the filter asks for and does not exist.
pub async fn lines(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    filter: Filter,
) -> Result<impl Stream<Item = io::Result<Vec<u8>>> + use<>> {
    let (pool, actor) = (pool.clone(), actor.clone());
    let reading = Reading { pool, actor, endpoint, filter };
    let first = reading.window(None).await?;
    Ok(try_unfold((reading, Place::First(first)), |(reading, place)| async {
        let (reading, log) = match place {
            Place::First(log) => (reading, log),
            Place::Before(number) => reading.before(number).await?,
            Place::End => return Ok(None),
        };
        let next = log.next.map_or(Place::End, Place::Before);
        Ok(Some((written(&log)?, (reading, next))))
    }))
}

impl Reading {
    async fn window(&self, before: Option<i64>) -> Result<Log> {
        let actor = self.actor.now(&self.pool).await?;
        window(&self.pool, &actor, self.endpoint, &self.filter, before, WINDOW).await
    }

    /// The window before a number. The task ends its query even if nobody waits for it any more.
    async fn before(self, number: i64) -> io::Result<(Self, Log)> {
        let reading = tokio::spawn(async move {
            let window = self.window(Some(number)).await;
            (self, window)
        });
        let (reading, window) = reading.await.map_err(io::Error::other)?;
        let window = window.inspect_err(|error| {
            tracing::warn!(%error, "an export of deliveries broke off");
        });
        Ok((reading, window.map_err(io::Error::other)?))
    }
}

fn written(log: &Log) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in &log.entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
