//! The one writer: what many requests bring is stored in one statement, with its counts.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::Report;
use crate::domain::Actor;
use crate::values::clock;
use crate::values::id::{AccountId, TrackingEventId, UserId};

/// How many requests may wait to be stored.
const QUEUE: usize = 1_024;

/// How many requests one statement takes.
const MOST_TOGETHER: usize = 256;

/// How long the first of them waits for others.
const GATHER: Duration = Duration::from_millis(1);

/// A report with who sent it.
#[derive(Debug, Clone)]
pub struct Row {
    account_id: AccountId,
    user_id: UserId,
    zone: String,
    report: Report,
}

impl Row {
    /// A member's report.
    pub fn new(actor: &Actor, report: Report) -> Self {
        let zone = actor.account.zone.as_str().to_owned();
        Self { account_id: actor.account.id, user_id: actor.user_id, zone, report }
    }
}

/// Why reports were not stored; the browser keeps them and tries again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unstored {
    /// Too many wait already.
    #[error("too many reports wait to be stored")]
    Full,
    /// The database failed.
    #[error("the reports could not be stored")]
    Failed,
}

struct Request {
    rows: Vec<Row>,
    stored: oneshot::Sender<Result<(), Unstored>>,
}

/// The way to the writer. Cheap to clone; the writer ends when the last one is gone and all that
/// waited is stored.
#[derive(Clone)]
pub struct Tracker {
    queue: mpsc::Sender<Request>,
}

impl Tracker {
    /// Starts the writer over a pool that only it uses, so that a board never waits for it.
    pub fn start(pool: PgPool) -> (Self, JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(QUEUE);
        (Self { queue }, tokio::spawn(write(pool, requests)))
    }

    /// Stores rows; returns once they are committed. A row whose id is there already is left out.
    ///
    /// # Errors
    /// [`Unstored`] when too many wait, or the database fails.
    pub async fn store(&self, rows: Vec<Row>) -> Result<(), Unstored> {
        if rows.is_empty() {
            return Ok(());
        }
        let (stored, answer) = oneshot::channel();
        self.queue.try_send(Request { rows, stored }).map_err(|_| Unstored::Full)?;
        answer.await.unwrap_or(Err(Unstored::Failed))
    }
}

async fn write(pool: PgPool, mut requests: mpsc::Receiver<Request>) {
    while let Some(batch) = gather(&mut requests).await {
        store_all(&pool, batch).await;
    }
}

/// Waits for a request, and a moment for others to join it.
async fn gather(requests: &mut mpsc::Receiver<Request>) -> Option<Vec<Request>> {
    let mut batch = vec![requests.recv().await?];
    let _ = timeout(GATHER, async {
        while batch.len() < MOST_TOGETHER {
            match requests.recv().await {
                Some(request) => batch.push(request),
                None => break,
            }
        }
    })
    .await;
    Some(batch)
}

/// Stores a batch. When Postgres refuses it for a row in it, each request is tried by itself, so
/// that one bad row spoils only its own request.
async fn store_all(pool: &PgPool, batch: Vec<Request>) {
    let rows: Arc<[Row]> = batch.iter().flat_map(|request| request.rows.clone()).collect();
    match insert(pool, &rows).await {
        Ok(()) => batch.into_iter().for_each(|request| request.answer(Ok(()))),
        Err(error) if error.as_database_error().is_some() && batch.len() > 1 => {
            for request in batch {
                let stored = insert(pool, &request.rows).await;
                request.answer(stored.map_err(|error| failed(&error)));
            }
        }
        Err(error) => {
            let failed = failed(&error);
            batch.into_iter().for_each(|request| request.answer(Err(failed.clone())));
        }
    }
}

impl Request {
    fn answer(self, stored: Result<(), Unstored>) {
        // Whoever asked may have gone; what is stored stays.
        let _ = self.stored.send(stored);
    }
}

fn failed(error: &sqlx::Error) -> Unstored {
    tracing::warn!(%error, "tracking events were not stored");
    Unstored::Failed
}

/// Stores rows and counts those that are new, by the day of their account's time zone.
async fn insert(pool: &PgPool, rows: &[Row]) -> sqlx::Result<()> {
    let of = |value: fn(&Row) -> Uuid| rows.iter().map(value).collect::<Vec<_>>();
    let accounts = of(|row| row.account_id.uuid());
    let ids: Vec<TrackingEventId> = rows.iter().map(|row| row.report.id).collect();
    let users = of(|row| row.user_id.uuid());
    let zones: Vec<&str> = rows.iter().map(|row| row.zone.as_str()).collect();
    let types: Vec<&str> = rows.iter().map(|row| row.report.event_type.as_str()).collect();
    let kinds: Vec<Option<&str>> = rows.iter().map(trackable_type).collect();
    let things: Vec<Option<Uuid>> =
        rows.iter().map(|row| row.report.trackable.map(|trackable| trackable.id)).collect();
    let urls: Vec<&str> = rows.iter().map(|row| row.report.url.as_str()).collect();
    let times: Vec<OffsetDateTime> = rows.iter().map(|row| row.report.occurred_at).collect();
    sqlx::query!(
        "with report as (
             select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[],
                 $6::text[], $7::uuid[], $8::text[], $9::timestamptz[])
                 as report (account_id, id, user_id, zone, event_type, trackable_type, trackable_id,
                     url, occurred_at)
         ), stored as (
             insert into tracking_events (account_id, id, user_id, event_type, trackable_type,
                 trackable_id, url, occurred_at, created_at)
             select account_id, id, user_id, event_type, trackable_type, trackable_id, url,
                 occurred_at, $10
             from report
             on conflict do nothing
             returning account_id, id, event_type
         )
         insert into tracking_days as counted (account_id, day, event_type, events)
         select stored.account_id, ($10 at time zone zones.zone)::date, stored.event_type, count(*)
         from stored join (
             select distinct on (account_id) account_id, zone from report order by account_id, zone
         ) zones using (account_id)
         group by 1, 2, 3 order by 1, 2, 3
         on conflict (account_id, day, event_type)
         do update set events = counted.events + excluded.events",
        &accounts,
        &ids as _,
        &users,
        &zones as _,
        &types as _,
        &kinds as _,
        &things as _,
        &urls as _,
        &times,
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn trackable_type(row: &Row) -> Option<&'static str> {
    row.report.trackable.map(|trackable| trackable.kind.as_str())
}
