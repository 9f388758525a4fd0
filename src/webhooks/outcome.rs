//! Recording what came of tries, many in one statement, and only by who held the lease.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::changes::Changed;
use super::claimed::Claimed;
use super::health::Ailing;
use super::measures;
use super::retry::{self, Answer, Tried, Verdict};
use super::send::{Failure, Fault, Timings, Try};
use crate::values::id::{AccountId, AttemptId, EndpointId};

/// Why something was not sent.
const WITHHELD: &str = "It happened on a private board that the endpoint does not name.";

/// A try that is to be recorded.
#[derive(Debug)]
pub(super) struct Outcome {
    claimed: Claimed,
    attempt: Try,
    verdict: Verdict,
    started_at: OffsetDateTime,
    ended_at: OffsetDateTime,
}

impl Outcome {
    /// Decides what follows from a try. `luck` from 0 to 1 spreads the next one.
    pub(super) fn new(
        claimed: Claimed,
        attempt: Try,
        started_at: OffsetDateTime,
        ended_at: OffsetDateTime,
        luck: f64,
    ) -> Self {
        let answer = Answer { code: attempt.code, retry_after: attempt.retry_after.as_deref() };
        let tried = Tried { attempts: claimed.attempts, postponements: claimed.postponements };
        let verdict = match attempt.failure {
            // It says nothing of the delivery, which is held again.
            Some(_) if claimed.is_probe => Verdict::Postponed(ended_at),
            // A 2xx whose body broke off or came too slowly has not arrived.
            Some(_) if attempt.code.is_some_and(|code| code / 100 == 2) => {
                retry::verdict(Answer::default(), tried, ended_at, luck)
            }
            _ => retry::verdict(answer, tried, ended_at, luck),
        };
        Self { claimed, attempt, verdict, started_at, ended_at }
    }

    /// One that is not sent, since its endpoint may not hear of it any more.
    pub(super) fn withheld(claimed: Claimed, at: OffsetDateTime) -> Self {
        let (attempt, verdict) = (Try::default(), Verdict::Skipped);
        Self { claimed, attempt, verdict, started_at: at, ended_at: at }
    }

    /// Whether it arrived.
    pub(super) fn is_well(&self) -> bool {
        self.verdict == Verdict::Delivered
    }

    /// Counts it.
    pub(super) fn measure(&self) {
        match &self.attempt.failure {
            Some(failure) => measures::failed(failure.fault()),
            None => measures::arrived(self.claimed.created_at, self.ended_at),
        }
    }

    /// Of which endpoint it has shown that it has recovered, if it was tried for that.
    pub(super) fn recovered(&self) -> Option<(AccountId, EndpointId)> {
        let Claimed { account, endpoint, is_probe, .. } = &self.claimed;
        (*is_probe && self.is_well()).then_some((*account, *endpoint))
    }

    /// The log in which it is recorded.
    pub(super) fn changed(&self) -> Changed {
        let Claimed { account, endpoint, .. } = &self.claimed;
        Changed { account_id: *account, endpoint_id: *endpoint }
    }

    /// How long it took.
    pub(super) fn took(&self) -> Duration {
        self.attempt.took
    }

    fn error(&self) -> Option<&str> {
        match self.verdict {
            Verdict::Skipped => Some(WITHHELD),
            _ => self.attempt.failure.as_ref().map(Failure::sentence),
        }
    }

    fn status(&self) -> &'static str {
        match self.verdict {
            Verdict::Delivered => "delivered",
            Verdict::Retry(_) | Verdict::Postponed(_) => "pending",
            Verdict::Failed => "failed",
            Verdict::Skipped => "skipped",
        }
    }

    fn due_at(&self) -> OffsetDateTime {
        match self.verdict {
            Verdict::Retry(at) | Verdict::Postponed(at) => at,
            Verdict::Delivered | Verdict::Failed | Verdict::Skipped => self.ended_at,
        }
    }
}

/// Records tries, and gives the endpoints whose last one failed. What somebody else has claimed
/// meanwhile, or what was removed, is left alone.
pub(super) async fn record(pool: &PgPool, outcomes: &[Outcome]) -> sqlx::Result<Vec<Ailing>> {
    let mut by_account: BTreeMap<AccountId, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        by_account.entry(outcome.claimed.account).or_default().push(outcome);
    }
    let mut ailing = Vec::new();
    for (account, outcomes) in by_account {
        ailing.extend(record_of(pool, account, &outcomes).await?);
    }
    Ok(ailing)
}

/// The tries of one account in one statement: the deliveries, when their endpoints are due, the
/// tries themselves, and how the endpoints are. A try that was put off says nothing of that.
async fn record_of(
    pool: &PgPool,
    account: AccountId,
    all: &[&Outcome],
) -> sqlx::Result<Vec<Ailing>> {
    fn column<T>(all: &[&Outcome], value: impl Fn(&Outcome) -> T) -> Vec<T> {
        all.iter().map(|outcome| value(outcome)).collect()
    }
    let bodies: Vec<&[u8]> = all.iter().map(|it| it.attempt.body.as_slice()).collect();
    let errors: Vec<Option<&str>> = all.iter().map(|it| it.error()).collect();
    let faults: Vec<Option<Fault>> =
        all.iter().map(|it| it.attempt.failure.as_ref().map(Failure::fault)).collect();
    let sent: Vec<&str> = all.iter().map(|it| it.attempt.sent.as_str()).collect();
    let answered: Vec<&str> = all.iter().map(|it| it.attempt.answered.as_str()).collect();
    let timings = |part: fn(&Timings) -> Option<Duration>| {
        column(all, |it| part(&it.attempt.timings).map(milliseconds))
    };
    let ailing = sqlx::query_as!(
        Ailing,
        r#"with outcome as (
             select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[],
                 $7::integer[], $8::text[], $9::bytea[], $10::timestamptz[], $11::integer[],
                 $12::timestamptz[], $13::integer[], $14::text[], $15::text[], $16::text[],
                 $17::text[], $18::integer[], $19::integer[], $20::integer[], $21::integer[])
                 as outcome (delivery_id, lease_id, attempt_id, status, due_at, code, error, body,
                     started_at, milliseconds, ended_at, postponed, fault, address, sent, answered,
                     lookup, connect, tls, first_byte)
         ), recorded as (
             update webhook_deliveries d
             set status = o.status, due_at = o.due_at, lease_id = null, response_code = o.code,
                 fault = o.fault, error_message = o.error,
                 attempts = d.attempts + 1 - o.postponed,
                 postponements = d.postponements + o.postponed,
                 delivered_at = case when o.status = 'delivered' then o.ended_at end
             from outcome o
             where d.account_id = $1 and d.id = o.delivery_id and d.lease_id = o.lease_id
             returning d.id, d.endpoint_id, d.status, d.due_at, d.response_code as code, o.ended_at,
                 o.postponed
         ), due as (
             insert into webhook_due (account_id, endpoint_id, due_at)
             select $1, endpoint_id, min(due_at) from recorded where status = 'pending'
             group by endpoint_id order by endpoint_id
             on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at
             where webhook_due.due_at > excluded.due_at
         ), attempted as (
             insert into webhook_attempts (account_id, id, endpoint_id, delivery_id, started_at,
                 milliseconds, response_code, error_message, response_body, fault, address,
                 request_headers, response_headers, lookup_milliseconds, connect_milliseconds,
                 tls_milliseconds, first_byte_milliseconds, next_at)
             select $1, o.attempt_id, r.endpoint_id, r.id, o.started_at, o.milliseconds, o.code,
                 o.error, o.body, o.fault, o.address, o.sent, o.answered, o.lookup, o.connect,
                 o.tls, o.first_byte, case when r.status = 'pending' then r.due_at end
             from outcome o join recorded r on r.id = o.delivery_id where r.status <> 'skipped'
         ), tried as (
             select endpoint_id, max(ended_at) filter (where status = 'delivered') as succeeded_at
             from recorded where postponed = 0 group by endpoint_id
         ), failed as (
             select endpoint_id, count(*)::integer as failures, min(r.ended_at) as since,
                 bool_or(r.code = 410) as gone
             from recorded r join tried t using (endpoint_id)
             where r.postponed = 0 and r.status <> 'delivered'
               and (t.succeeded_at is null or r.ended_at > t.succeeded_at)
             group by endpoint_id
         ), changed as (
             select h.endpoint_id, t.succeeded_at, coalesce(f.failures, 0) as failures, f.since,
                 coalesce(f.gone, false) as gone
             from tried t left join failed f using (endpoint_id)
             join webhook_health h on h.account_id = $1 and h.endpoint_id = t.endpoint_id
             where h.failures > 0 or f.failures > 0
             order by h.endpoint_id for update of h
         ), health as (
             update webhook_health h
             set failures = c.failures + case when c.succeeded_at is null then h.failures else 0 end,
                 failing_since = case when c.succeeded_at is null
                     then coalesce(h.failing_since, c.since) else c.since end
             from changed c where h.account_id = $1 and h.endpoint_id = c.endpoint_id
             returning h.endpoint_id, h.failures, h.failing_since, c.gone
         ), well as (
             update webhook_failings g set ended_at = t.succeeded_at from tried t
             where g.account_id = $1 and g.endpoint_id = t.endpoint_id and g.ended_at is null
               and t.succeeded_at is not null
         )
         select $1 as "account!: AccountId", h.endpoint_id as "endpoint: EndpointId", h.failures,
             h.failing_since as "since!", h.gone as "gone!",
             exists(select from webhook_failings g where g.account_id = $1
                 and g.endpoint_id = h.endpoint_id and g.ended_at is null) as "known!",
             exists(select from webhook_disablements d where d.account_id = $1
                 and d.endpoint_id = h.endpoint_id and d.ended_at is null) as "disabled!"
         from health h where h.failing_since is not null"#,
        account as _,
        &column(all, |it| it.claimed.id.uuid()),
        &column(all, |it| it.claimed.lease),
        &column(all, |_| AttemptId::new().uuid()) as &[Uuid],
        &column(all, Outcome::status) as _,
        &column(all, Outcome::due_at),
        &column(all, |it| it.attempt.code.map(i32::from)) as _,
        &errors as _,
        &bodies as _,
        &column(all, |it| it.started_at),
        &column(all, |it| milliseconds(it.attempt.took)),
        &column(all, |it| it.ended_at),
        &column(all, |it| i32::from(!it.verdict.counts())),
        &faults as _,
        &column(all, |it| it.attempt.address.map(|address| address.to_string())) as _,
        &sent as _,
        &answered as _,
        &timings(|it| it.lookup) as _,
        &timings(|it| it.connect) as _,
        &timings(|it| it.tls) as _,
        &timings(|it| it.first_byte) as _,
    )
    .fetch_all(pool)
    .await?;
    Ok(ailing)
}

fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
