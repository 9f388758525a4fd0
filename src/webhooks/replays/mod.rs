//! Sending again: a part of the log to an endpoint, or one delivery.
//!
//! A [`Replay`] is a row that says what is sent again and how far that has come. Its verbs ([`start`],
//! [`cancel`], [`resend`]) write that row and record an event, nothing more; the [`Replayer`] owes
//! the deliveries bit by bit, and goes on where it was after whatever happened to it.

use std::str::FromStr;

use sqlx::PgPool;
use time::OffsetDateTime;

use super::endpoints;
use crate::domain::{Actor, Error, Result};
use crate::values::Invalid;
use crate::values::id::{BoardId, DeliveryId, EndpointId, ReplayId, UserId};

mod cancel;
mod preview;
mod replayer;
mod resend;
mod start;
mod step;
mod wanted;

pub use cancel::cancel;
pub use preview::{MOST_COUNTED, Preview, preview};
pub use replayer::Replayer;
pub use resend::resend;
pub use start::start;
pub use wanted::Wanted;
pub(super) use wanted::kinds;

/// Which events of a span are sent.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = WebhookReplayWhich)]
pub enum Which {
    /// All of them, whatever arrived.
    All,
    /// Those of which no delivery arrived or is under way.
    #[default]
    Missing,
    /// Of the missing ones those that were given up.
    Failed,
}

impl Which {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Missing, Self::Failed, Self::All];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Missing => "missing",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for Which {
    type Err = Invalid;

    fn from_str(text: &str) -> std::result::Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|which| which.as_str() == text);
        found.ok_or_else(|| Invalid::because("Choose all, missing or failed."))
    }
}

/// A part of the log that is sent to an endpoint again, or one delivery.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookReplay)]
pub struct Replay {
    /// Its id.
    pub id: ReplayId,
    /// The delivery that is sent again; none: a part of the log is.
    #[schema(required)]
    pub delivery_id: Option<DeliveryId>,
    /// Which events.
    pub which: Which,
    /// The names of the events; none: all that the endpoint asked for.
    pub events: Vec<String>,
    /// The boards; none: all that the endpoint hears of.
    pub board_ids: Vec<BoardId>,
    /// Since when what happened is sent; none: since the account began.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub since: Option<OffsetDateTime>,
    /// Until when; none: until it was started.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub until: Option<OffsetDateTime>,
    /// How many events that were when it was started; 100,000 stands for more too.
    pub total: i64,
    /// How many of them are owed by now.
    pub owed: i64,
    /// How many of these arrived.
    pub delivered: i64,
    /// How many of these are on their way; what is neither was given up or skipped.
    pub waiting: i64,
    /// How much of its span was looked at, from 0 to 1.
    pub progress: f64,
    /// Who started it.
    pub creator_id: UserId,
    /// When it was started.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When somebody canceled it.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub canceled_at: Option<OffsetDateTime>,
    /// When all of it was owed, or the rest given up.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub ended_at: Option<OffsetDateTime>,
}

/// The replays to an endpoint, the newest first; with `before`, those started before that one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such endpoint; [`Error::Forbidden`] for those who are no
/// admins.
pub async fn of_endpoint(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    before: Option<ReplayId>,
    limit: i64,
) -> Result<Vec<Replay>> {
    endpoints::find(pool, actor, endpoint).await?;
    read(pool, actor, endpoint, None, (before, limit)).await
}

/// One replay to an endpoint.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Forbidden`] for those who are no admins.
pub async fn find(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    id: ReplayId,
) -> Result<Replay> {
    actor.may_administer()?;
    read(pool, actor, endpoint, Some(id), (None, 1)).await?.pop().ok_or(Error::NotFound)
}

async fn read(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    id: Option<ReplayId>,
    (before, limit): (Option<ReplayId>, i64),
) -> Result<Vec<Replay>> {
    let replays = sqlx::query_as!(
        Replay,
        r#"select id as "id: ReplayId", delivery_id as "delivery_id: DeliveryId",
               which as "which: Which", events, board_ids as "board_ids: Vec<BoardId>", since, until,
               total, owed,
               (select count(*) from webhook_deliveries d where d.account_id = $1
                and d.replay_id = r.id and d.status = 'delivered') as "delivered!",
               (select count(*) from webhook_deliveries d where d.account_id = $1
                and d.replay_id = r.id and d.status in ('pending', 'held')) as "waiting!",
               case when ended_at is not null and canceled_at is null
                         or until_sequence <= first_sequence then 1
                    else (after_sequence - first_sequence)::float8
                         / (until_sequence - first_sequence) end as "progress!",
               creator_id as "creator_id: UserId", created_at, canceled_at, ended_at
           from webhook_replays r
           where account_id = $1 and endpoint_id = $2 and ($3::uuid is null or id = $3)
             and ($4::uuid is null or id < $4)
           order by id desc limit $5"#,
        actor.account.id as _,
        endpoint as _,
        id as _,
        before as _,
        limit,
    );
    Ok(replays.fetch_all(pool).await?)
}
