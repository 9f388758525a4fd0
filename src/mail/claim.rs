//! Claiming the letters that are due, under a lease, and recording what became of them.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::retry;
use crate::values::id::LetterId;

/// How long a claim holds: longer than any try. Then the letter is due again by itself.
pub(super) const LEASE: Duration = Duration::minutes(2);

/// A letter that is to be sent now, by whoever holds its lease.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) id: LetterId,
    pub(super) lease: Uuid,
    pub(super) email: String,
    pub(super) subject: String,
    pub(super) sealed_words: Vec<u8>,
    pub(super) tries: i32,
    pub(super) created_at: OffsetDateTime,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server took it.
    Sent,
    /// It is tried again, for this reason.
    Later(String),
    /// It is given up, for this reason.
    Never(String),
}

/// Claims some letters; what another process is claiming is passed over.
pub(super) async fn claim(
    pool: &PgPool,
    now: OffsetDateTime,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"update letters set lease_id = $2, due_at = $3
           where sealed_words is not null and id in (
               select id from letters where due_at <= $1 order by due_at limit $4
               for update skip locked)
           returning id as "id: LetterId", lease_id as "lease!", email, subject,
               sealed_words as "sealed_words!", tries, created_at"#,
        now,
        Uuid::now_v7(),
        now + LEASE,
        limit,
    )
    .fetch_all(pool)
    .await
}

/// Records a try, unless its lease was lost: then somebody else is sending the letter. What a
/// letter says is kept no longer than it is needed.
pub(super) async fn record(
    pool: &PgPool,
    claimed: &Claimed,
    outcome: &Outcome,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let tries = claimed.tries + 1;
    let (error, due_at) = match outcome {
        Outcome::Sent => (None, None),
        Outcome::Later(why) => (Some(why), retry::next(claimed.created_at, tries, now)),
        Outcome::Never(why) => (Some(why), None),
    };
    let sent_at = (*outcome == Outcome::Sent).then_some(now);
    let given_up_at = (sent_at.is_none() && due_at.is_none()).then_some(now);
    sqlx::query!(
        "update letters
         set tries = $3, error_message = $4, due_at = $5, sent_at = $6, given_up_at = $7,
             lease_id = null, sealed_words = case when $5::timestamptz is null then null else sealed_words end
         where id = $1 and lease_id = $2",
        claimed.id as _,
        claimed.lease,
        tries,
        error,
        due_at,
        sent_at,
        given_up_at,
    )
    .execute(pool)
    .await?;
    Ok(())
}
