//! What the handlers are given: the pool, the log, the keys and the facts of this run.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ipnet::IpNet;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use url::Url;

use super::actors::Actors;
use super::at_head::AtHead;
use super::fresh::Fresh;
use super::kept::Kept;
use super::limits::{SignInLimits, TrackingLimits};
use super::refusals::Refusals;
use crate::domain;
use crate::domain::boards::Sight;
use crate::domain::feed::Filter;
use crate::domain::users::User;
use crate::events::Log;
use crate::live::Hub;
use crate::mail::Outgoing;
use crate::tracking::Tracker;
use crate::values::Email;
use crate::values::id::{BoardId, UserId};
use crate::values::secret::{KeyRing, Secret};
use crate::views::activities::Lines;
use crate::views::outbox::Delivery;
use crate::webhooks::backlog::Backlog;
use crate::webhooks::{Guard, Replayer, Trials};

/// The state of the whole of [`crate::web`]; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the roof hands down, and what the requests of this process share.
pub struct Parts {
    /// The log, and with it the database.
    pub log: Log,
    /// Who follows what in this process.
    pub hub: Hub,
    /// Keys that sign stream names and seal secrets.
    pub keys: KeyRing,
    /// Where letters are put.
    pub outgoing: Outgoing,
    /// Whether there is a mail server that takes them.
    pub sends_mail: bool,
    /// The code that the outbox of the machine asks for, as it stands in the log; none: there is
    /// no such outbox.
    pub outbox_code: Option<Secret>,
    /// Where webhooks may go.
    pub guard: Guard,
    /// What tries webhook endpoints out.
    pub trials: Trials,
    /// What is measured of what endpoints are owed.
    pub backlog: Backlog,
    /// What carries replays of webhooks out, to be woken.
    pub replayer: Replayer,
    /// Where the world sees this server; none: whatever host a request names.
    pub public_url: Option<Url>,
    /// Where the server listens.
    pub bind: SocketAddr,
    /// Whether Postgres is the private cluster that this program runs.
    pub private_cluster: bool,
    /// The one-click sign-in; none: there is none.
    pub demo: Option<Demo>,
    /// The code that the first-run page asks for, as it stands in the log.
    pub setup_code: Option<Secret>,
    /// Networks whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The token with which `/metrics` may be read from elsewhere.
    pub metrics_token: Option<Secret>,
    /// Set when the server is about to stop: `/up` answers 503 from then on.
    pub draining: Arc<AtomicBool>,
    /// Sessions read within the last second, by the number that is their id.
    pub sessions: Fresh<i128, Kept>,
    /// Members resolved within the last second.
    pub actors: Actors,
    /// What the pages of feeds are made of, as long as the log stands still.
    pub feeds: Feeds,
    /// The way to the writer of tracking events.
    pub tracker: Tracker,
    /// How often one may report.
    pub tracking_limits: TrackingLimits,
    /// How often one may try to sign in.
    pub sign_in_limits: SignInLimits,
    /// The way of refused sign-ins to the log.
    pub refusals: Refusals,
}

/// What the pages of feeds are made of. However many people look, it is read and drawn once for
/// each place of the log.
pub struct Feeds {
    /// The boards as each person sees them.
    pub(super) sights: AtHead<UserId, Arc<Sight>>,
    /// The members of each account.
    pub(super) members: AtHead<(), Arc<Vec<User>>>,
    /// Lines: what they are narrowed to, before which one they begin, and the boards that whoever
    /// looks does not see.
    pub(super) lines: AtHead<(Filter, Option<i64>, Vec<BoardId>), Arc<Lines>>,
}

impl Default for Feeds {
    fn default() -> Self {
        // A page of lines has some 50 KiB.
        Self { sights: AtHead::new(1_000), members: AtHead::new(1_000), lines: AtHead::new(256) }
    }
}

/// The one-click sign-in of the demo account.
pub struct Demo {
    /// What its address must show.
    pub code: Secret,
    /// Whom it signs in.
    pub email: Email,
}

impl App {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The database.
    pub fn pool(&self) -> &PgPool {
        self.log.pool()
    }

    /// A connection to it, over which all that a page shows is read.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn connection(&self) -> domain::Result<PoolConnection<Postgres>> {
        Ok(self.pool().acquire().await?)
    }

    /// Whether browsers reach this server by https, so that cookies may insist on it.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Where letters can be read that no mail server takes: only on the private cluster.
    pub fn readable_outbox(&self) -> Option<&Outgoing> {
        (self.private_cluster && !self.sends_mail).then_some(&self.outgoing)
    }

    /// What happens to letters.
    pub fn delivery(&self) -> Delivery {
        match (self.sends_mail, self.readable_outbox()) {
            (true, _) => Delivery::Sent,
            (false, Some(_)) => Delivery::Kept,
            (false, None) => Delivery::Unsent,
        }
    }

    /// Forgets who is signed in where, so that what was just revoked here is over at once.
    pub fn forget(&self) {
        self.sessions.clear();
        self.actors.clear();
    }

    /// Somebody has signed out: who is signed in where is forgotten, and their sockets of this process
    /// end before anything more is told. Other processes hear of it from the database.
    pub async fn forget_signed_out(&self) {
        self.forget();
        if let Err(error) = self.hub.revoke_signed_out().await {
            tracing::warn!(%error, "sockets of whoever signed out end when that is heard of");
        }
    }

    /// Whether the server is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
