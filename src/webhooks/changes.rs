//! That something in the log of an endpoint has changed, for those who show it.
//!
//! The recording of tries says it in its own process, where it costs nothing; who of the other
//! processes is to know, whoever listens there decides. What an admin does now and then is hinted to
//! all. An event that is owed needs no word: its commit is told anyway.

use std::fmt;
use std::str::FromStr;

use sqlx::PgPool;
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::db::notify;
use crate::values::Invalid;
use crate::values::id::{AccountId, EndpointId};

/// How many words somebody who listens may be behind.
const BEHIND: usize = 1024;

/// The log of an endpoint has changed. Sent on [`notify::DELIVERIES`] as `<account>/<endpoint>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Changed {
    /// The account.
    pub account_id: AccountId,
    /// The endpoint.
    pub endpoint_id: EndpointId,
}

/// The changes of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Changes(Sender<Changed>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::channel(BEHIND).0)
    }
}

impl Changes {
    /// Says one.
    pub(super) fn say(&self, changed: Changed) {
        // Nobody listens where nobody serves.
        let _ = self.0.send(changed);
    }

    /// Those from now on.
    pub(super) fn listen(&self) -> Receiver<Changed> {
        self.0.subscribe()
    }
}

impl Changed {
    /// Hints it to all processes, outside of any transaction.
    pub async fn hint(self, pool: &PgPool) -> sqlx::Result<()> {
        notify::hint(pool, notify::DELIVERIES, &self.to_string()).await
    }

    /// The same for something that was done already; should the hint be lost, pages are a little
    /// behind until the next.
    pub(super) async fn hint_of_what_is_done(self, pool: &PgPool) {
        if let Err(error) = self.hint(pool).await {
            tracing::debug!(%error, "a hint was not sent; a log is shown as it is the next time");
        }
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account_id, self.endpoint_id)
    }
}

impl FromStr for Changed {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts = text.split_once('/');
        let (account, endpoint) =
            parts.ok_or_else(|| Invalid::because("This names no endpoint."))?;
        Ok(Self { account_id: account.parse()?, endpoint_id: endpoint.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_back_as_it_was_written() {
        let changed = Changed { account_id: AccountId::new(), endpoint_id: EndpointId::new() };
        assert_eq!(changed.to_string().parse(), Ok(changed));
        for text in ["", "/", "a/b", "0"] {
            assert!(text.parse::<Changed>().is_err(), "{text:?} was taken for a change");
        }
    }
}
