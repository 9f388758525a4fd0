//! How much is owed and waits: for the measurements of a server, and for the admins of an account.
//!
//! However long it is, it costs only so much to find out: what is waiting stands in partial indexes,
//! and beyond some number nobody counts on.

use std::time::Duration;

use metrics::{describe_gauge, gauge};
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::domain::{Actor, Result};
use crate::values::clock;

/// How far is counted for the measurements.
const MOST: i64 = 100_000;

/// How far is counted for a page.
const MOST_OF_ACCOUNT: i64 = 10_000;

/// How often it is looked at most, whoever asks.
const EVERY: Duration = Duration::from_secs(5);

/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(2);

const LAG: &str = "cairn_webhook_due_lag_seconds";
const PENDING: &str = "cairn_webhook_pending";
const HELD: &str = "cairn_webhook_held";
const ENDPOINTS: &str = "cairn_webhook_endpoints";

/// The measurements that stand in the database, the same whichever process is asked.
#[derive(Debug, Default)]
pub struct Backlog(Mutex<Option<Instant>>);

/// All that is owed, in numbers.
#[derive(Debug, Default)]
struct Owed {
    pending: i64,
    held: i64,
    /// Since when the oldest that is due has waited of endpoints that keep up.
    oldest: Option<OffsetDateTime>,
    /// The same of those that fail or are called no faster than they wish.
    oldest_of_slow: Option<OffsetDateTime>,
    failing: i64,
    disabled: i64,
}

/// What an account's endpoints are owed.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// How many deliveries wait, those that are to be tried again among them.
    pub waiting: Counted,
    /// Since when the oldest one has been due, if one is.
    pub due_since: Option<OffsetDateTime>,
    /// How many have arrived within the last hour.
    pub delivered: Counted,
    /// How many are held.
    pub held: Counted,
}

/// A number, counted as far as makes sense.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted(i64);

impl Counted {
    /// As it is read.
    pub fn words(self) -> String {
        let Self(number) = self;
        if number < MOST_OF_ACCOUNT { number.to_string() } else { format!("{number} or more") }
    }
}

impl Backlog {
    /// Measures anew, unless that was done a moment ago. A database that does not answer leaves no
    /// number behind that would look as if it were true.
    pub async fn measure(&self, pool: &PgPool) {
        let mut measured = self.0.lock().await;
        if measured.is_some_and(|at| at.elapsed() < EVERY) {
            return;
        }
        *measured = Some(Instant::now());
        let now = clock::now();
        match tokio::time::timeout(PATIENCE, owed(pool, now)).await {
            Ok(Ok(owed)) => tell(&owed, now),
            _ => tell_nothing(),
        }
    }
}

async fn owed(pool: &PgPool, now: OffsetDateTime) -> sqlx::Result<Owed> {
    sqlx::query_as!(
        Owed,
        r#"select
               (select count(*) from (select from webhook_deliveries where status = 'pending'
                                      limit $1) p) as "pending!",
               (select count(*) from (select from webhook_deliveries where status = 'held'
                                      limit $1) h) as "held!",
               min(late.due_at) filter (where late.keeps_up) as oldest,
               min(late.due_at) filter (where not late.keeps_up) as oldest_of_slow,
               (select count(*) from webhook_failings f
                join webhook_endpoints e on e.account_id = f.account_id and e.id = f.endpoint_id
                where f.ended_at is null and e.removed_at is null
                  and not exists(select from webhook_disablements o where o.account_id = e.account_id
                      and o.endpoint_id = e.id and o.ended_at is null)) as "failing!",
               (select count(*) from webhook_disablements o
                join webhook_endpoints e on e.account_id = o.account_id and e.id = o.endpoint_id
                where o.ended_at is null and e.removed_at is null) as "disabled!"
           from (
               select first.due_at, h.failures = 0 and e.rate_limit is null as keeps_up
               from webhook_due w
               join webhook_endpoints e on e.account_id = w.account_id and e.id = w.endpoint_id
               join webhook_health h on h.account_id = w.account_id and h.endpoint_id = e.id
               cross join lateral (
                   select d.due_at from webhook_deliveries d
                   where d.account_id = w.account_id and d.endpoint_id = w.endpoint_id
                     and d.status = 'pending' and d.due_at <= $2
                   order by d.due_at limit 1) first
               where w.due_at < 'infinity') late"#,
        MOST,
        now,
    )
    .fetch_one(pool)
    .await
}

fn tell(owed: &Owed, now: OffsetDateTime) {
    describe();
    let late = |since: Option<OffsetDateTime>| since.map_or(0.0, |at| (now - at).as_seconds_f64());
    gauge!(LAG, "endpoints" => "well").set(late(owed.oldest));
    gauge!(LAG, "endpoints" => "slow").set(late(owed.oldest_of_slow));
    gauge!(PENDING).set(owed.pending as f64);
    gauge!(HELD).set(owed.held as f64);
    gauge!(ENDPOINTS, "status" => "failing").set(owed.failing as f64);
    gauge!(ENDPOINTS, "status" => "disabled").set(owed.disabled as f64);
}

fn tell_nothing() {
    for gauge in [
        gauge!(LAG, "endpoints" => "well"),
        gauge!(LAG, "endpoints" => "slow"),
        gauge!(PENDING),
        gauge!(HELD),
        gauge!(ENDPOINTS, "status" => "failing"),
        gauge!(ENDPOINTS, "status" => "disabled"),
    ] {
        gauge.set(f64::NAN);
    }
}

fn describe() {
    describe_gauge!(
        LAG,
        "Seconds by which the oldest delivery that is due is late; slow are endpoints whose last try \
         failed and those with a limit of calls."
    );
    describe_gauge!(PENDING, "Deliveries that wait or are under way, retries too; at most 100000.");
    describe_gauge!(HELD, "Deliveries held for endpoints that are switched off; at most 100000.");
    describe_gauge!(ENDPOINTS, "Endpoints that are failing, and that are switched off.");
}

/// What the endpoints of an account are owed.
///
/// # Errors
/// `Forbidden` for those who are no admins.
pub async fn of_account(pool: &PgPool, actor: &Actor) -> Result<Standing> {
    actor.may_administer()?;
    let now = clock::now();
    let row = sqlx::query!(
        r#"select
               (select count(*) from (select from webhook_deliveries
                    where account_id = $1 and status = 'pending' limit $2) p) as "waiting!",
               (select min(first.due_at) from webhook_due w cross join lateral (
                    select d.due_at from webhook_deliveries d
                    where d.account_id = $1 and d.endpoint_id = w.endpoint_id
                      and d.status = 'pending' and d.due_at <= $3
                    order by d.due_at limit 1) first
                where w.account_id = $1 and w.due_at < 'infinity') as due_since,
               (select count(*) from (select from webhook_attempts
                    where account_id = $1 and id >= $4 and fault is null limit $2) a)
                   as "delivered!",
               (select count(*) from (select from webhook_deliveries
                    where account_id = $1 and status = 'held' limit $2) h) as "held!""#,
        actor.account.id as _,
        MOST_OF_ACCOUNT,
        now,
        first_id(now - time::Duration::HOUR),
    )
    .fetch_one(pool)
    .await?;
    Ok(Standing {
        waiting: Counted(row.waiting),
        due_since: row.due_since,
        delivered: Counted(row.delivered),
        held: Counted(row.held),
    })
}

/// No id that is younger is lower: a UUIDv7 begins with 48 bits of milliseconds.
fn first_id(at: OffsetDateTime) -> Uuid {
    let milliseconds = at.unix_timestamp_nanos().unsigned_abs() / 1_000_000;
    Uuid::from_u128(milliseconds << 80)
}

#[cfg(test)]
impl Standing {
    /// That of an account with much to send.
    pub(crate) fn example() -> Self {
        let due_since = Some(clock::now() - time::Duration::minutes(2));
        Self {
            waiting: Counted(12),
            due_since,
            delivered: Counted(MOST_OF_ACCOUNT),
            held: Counted(3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_counted_to_its_end_says_so() {
        assert_eq!(Counted(0).words(), "0");
        assert_eq!(Counted(MOST_OF_ACCOUNT).words(), "10000 or more");
    }

    #[test]
    fn an_id_of_now_lies_after_the_first_one_of_a_moment_ago() {
        let (now, id) = (clock::now(), crate::values::id::AttemptId::new().uuid());
        assert!(first_id(now - time::Duration::SECOND) < id);
        assert!(first_id(now + time::Duration::minutes(1)) > id);
    }
}
