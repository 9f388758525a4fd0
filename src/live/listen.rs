//! Listening for what other processes say, over one connection.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgNotification};
use tokio::time::sleep;

use super::{Credential, Hub};
use crate::db::{self, notify};
use crate::domain::{self, sign_ins};
use crate::events::Committed;

/// How long to wait before listening is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// Listens, for as long as the task is not aborted.
pub(super) async fn keep(hub: Hub) {
    loop {
        if let Err(error) = listen(&hub).await {
            tracing::info!(%error, "not listening for commits of other processes; trying again");
        }
        sleep(AGAIN).await;
    }
}

async fn listen(hub: &Hub) -> domain::Result<()> {
    let mut listener = PgListener::connect_with(&db::own(hub.log().pool())).await?;
    let channels = [
        notify::CHANNEL,
        notify::DELIVERIES,
        notify::ERASURES,
        notify::PRESENCE,
        notify::READINGS,
        notify::RECEIPTS,
        notify::REVOCATIONS,
    ];
    listener.listen_all(channels).await?;
    // What was said meanwhile was not heard.
    hub.log().forget(None);
    hub.set_epoch(db::epoch(hub.log().pool()).await?);
    hub.everybody_may_have_read();
    hub.every_log_may_have_changed();
    hub.anything_may_have_been_seen();
    hub.revoke_signed_out().await?;
    hub.ask_who_is_present();
    hub.0.hints.look_everywhere();
    // None: the connection was lost. What comes after is another database, for all we know.
    while let Some(said) = listener.try_recv().await? {
        hear(hub, &said);
    }
    Ok(())
}

/// What is said that nobody understands was said by another version of Cairn.
fn hear(hub: &Hub, said: &PgNotification) {
    match said.channel() {
        notify::CHANNEL => {
            let commits: Result<Vec<Committed>, _> =
                said.payload().lines().map(Committed::from_str).collect();
            match commits {
                Ok(commits) if !commits.is_empty() => {
                    commits.into_iter().for_each(|commit| hub.0.hints.hear(commit));
                }
                // There were too many to say.
                _ => hub.0.hints.look_everywhere(),
            }
        }
        notify::READINGS => {
            if let Ok(reading) = said.payload().parse() {
                hub.has_read(reading);
                hub.0.hints.look();
            }
        }
        notify::DELIVERIES => {
            if let Ok(changed) = said.payload().parse() {
                hub.log_has_changed(changed);
            }
        }
        notify::RECEIPTS => {
            let noted = said.payload().lines().filter_map(|line| line.parse().ok());
            noted.for_each(|noted| hub.was_seen(noted));
        }
        notify::REVOCATIONS => {
            if let Ok(sign_in) = said.payload().parse() {
                hub.sockets().revoke(&Credential::SignIn(sign_in));
            }
        }
        notify::ERASURES => hub.log().forget(said.payload().parse().ok()),
        notify::PRESENCE => hub.hear_presence(said.payload()),
        _ => {}
    }
}

impl Hub {
    /// Ends the sockets of those who have signed out, whether that was heard of or not.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn revoke_signed_out(&self) -> domain::Result<()> {
        let sign_ins = self.sockets().sign_ins();
        let good = sign_ins::good(self.log().pool(), &sign_ins).await?;
        for sign_in in sign_ins.into_iter().filter(|sign_in| !good.contains(sign_in)) {
            self.sockets().revoke(&Credential::SignIn(sign_in));
        }
        Ok(())
    }
}
