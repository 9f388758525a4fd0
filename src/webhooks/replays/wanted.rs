//! What somebody wishes to be sent again, and what of it may be.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Which;
use crate::domain::{Actor, Error, Result};
use crate::events::{KINDS, Kind};
use crate::values::clock;
use crate::values::id::BoardId;
use crate::webhooks::endpoints::{Endpoint, boards};
use crate::webhooks::events;
use crate::webhooks::retention::KEPT_FOR;

/// A part of the log, as somebody asks for it.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Since when; none: since the account began.
    pub since: Option<OffsetDateTime>,
    /// Until when; none: until now.
    pub until: Option<OffsetDateTime>,
    /// Which of it.
    pub which: Which,
    /// The names of the events, such as `card.*`; none: all that the endpoint asked for.
    pub events: Vec<String>,
    /// The boards; none: all that the endpoint hears of.
    pub board_ids: Vec<BoardId>,
}

impl Wanted {
    /// The same with its names and boards each once, if it can be had of an endpoint.
    pub(super) async fn checked(
        &self,
        connection: &mut PgConnection,
        actor: &Actor,
        endpoint: &Endpoint,
    ) -> Result<Self> {
        self.check_span(endpoint)?;
        let events = match self.events.is_empty() {
            true => Vec::new(),
            false => events::parse(&self.events).map_err(Error::in_field("events"))?,
        };
        let board_ids = boards::sorted(&self.board_ids);
        boards::must_be_seen(connection, actor, &board_ids).await?;
        Ok(Self { events, board_ids, ..self.clone() })
    }

    fn check_span(&self, endpoint: &Endpoint) -> Result<()> {
        let (now, since) = (clock::now(), self.since.unwrap_or(OffsetDateTime::UNIX_EPOCH));
        if since > now {
            return Err(Error::invalid("since", "That is still to come."));
        }
        if self.until.is_some_and(|until| until <= since) {
            return Err(Error::invalid("until", "The span ends before it starts."));
        }
        let known_since = now - KEPT_FOR;
        if self.which != Which::All && since < known_since && endpoint.created_at < known_since {
            let why =
                "What arrived is known for 30 days. Ask for a shorter span, or for all of it.";
            return Err(Error::invalid("since", why));
        }
        Ok(())
    }
}

/// The names of the kinds that an endpoint asked for, narrowed to some if there are any.
pub(in crate::webhooks) fn kinds(asked: &[String], narrowed: &[String]) -> Vec<&'static str> {
    let wanted = |kind: &&Kind| {
        let is_one = |names: &[String]| names.iter().any(|name| kind.matches(name));
        kind.shows.webhooks && is_one(asked) && (narrowed.is_empty() || is_one(narrowed))
    };
    KINDS.iter().copied().filter(wanted).map(|kind| kind.name).collect()
}
