//! An audit as a file, for as long as somebody reads it.

use std::io;

use futures_util::stream::{Stream, try_unfold};

use super::{Audited, Filter, part};
use crate::domain::boards::Sight;
use crate::domain::{Actor, Result};
use crate::events::Log;

/// How many entries are read at once; the first ones are few, so that they are there at once.
const WINDOW: i64 = 1_000;
const FIRST_WINDOW: i64 = 50;

/// The form of a file.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// What stands before all entries.
    pub head: &'static str,
    /// Writes some entries.
    pub write: fn(&Audited) -> io::Result<Vec<u8>>,
}

/// What is read, and how it is written.
struct Reading {
    log: Log,
    actor: Actor,
    filter: Filter,
    form: Form,
}

/// Where an export stands.
enum Place {
    /// The first window, which is read before anything is answered: what is wrong is said then.
    First(Box<Audited>),
    /// Before a sequence.
    Before(i64),
    /// All is told.
    End,
}

/// All that a filter lets through, the newest first. What happens while it is read does not come any
/// more.
///
/// It is read window by window, each in a task of its own: between two nothing is held, and whoever
/// stops reading cuts off no query. What whoever asks may do and see is asked for each, and it breaks
/// off when they may read no audit any more.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`] for those who are no admins; `Invalid` names what is asked
/// for and does not exist for them.
pub async fn stream(
    log: &Log,
    actor: &Actor,
    filter: Filter,
    form: Form,
) -> Result<impl Stream<Item = io::Result<Vec<u8>>> + use<>> {
    let reading = Reading { log: log.clone(), actor: actor.clone(), filter, form };
    let first = reading.window(None, FIRST_WINDOW).await?;
    let first = Place::First(Box::new(first));
    Ok(try_unfold((reading, first), |(reading, place)| async {
        let (reading, bytes, next) = match place {
            Place::First(window) => {
                let Form { head, write } = reading.form;
                (reading, [head.as_bytes(), &write(&window)?].concat(), window.next)
            }
            Place::Before(sequence) => reading.before(sequence).await?,
            Place::End => return Ok(None),
        };
        Ok(Some((bytes, (reading, next.map_or(Place::End, Place::Before)))))
    }))
}

impl Reading {
    async fn window(&self, before: Option<i64>, limit: i64) -> Result<Audited> {
        let mut connection = self.log.pool().acquire().await?;
        let actor = self.actor.now(&mut *connection).await?;
        let sight = Sight::of(&mut *connection, &actor).await?;
        part(&self.log, &mut connection, &actor, &sight, &self.filter, (before, limit)).await
    }

    /// The window before a sequence. The task ends its queries even if nobody waits for it any more.
    async fn before(self, sequence: i64) -> io::Result<(Self, Vec<u8>, Option<i64>)> {
        let reading = tokio::spawn(async move {
            let window = self.window(Some(sequence), WINDOW).await.map_err(io::Error::other);
            let written = window.and_then(|window| Ok(((self.form.write)(&window)?, window.next)));
            (self, written)
        });
        let (reading, written) = reading.await.map_err(io::Error::other)?;
        let (bytes, next) = written.inspect_err(|error| {
            tracing::warn!(%error, "an export of the audit broke off");
        })?;
        Ok((reading, bytes, next))
    }
}
