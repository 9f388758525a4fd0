//! A walk back through the log of an account, narrowed in several ways at once, a stretch at a time.
//!
//! Narrowed in one way, an index leads from one row to the next. Narrowed in several, or by where
//! people were, which has no index since every commit would pay for it, the rows are looked at one by
//! one: of so many numbers of the log at a time, and whoever asked decides whether to go on.

use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;

use super::narrowing::Narrowing;
use super::span::Span;
use super::{Activity, newest, walked, with_events};
use crate::events::Log;
use crate::values::id::AccountId;

/// Over how many numbers of the log one stretch reaches at most, where it looks at rows one by one.
const REACH: i64 = 100_000;

/// After all that is recorded.
pub const FOR_EVER: OffsetDateTime = datetime!(9999-12-01 00:00 UTC);

/// A part of the log that was walked.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    /// What was found, the newest first.
    pub activities: Vec<Activity>,
    /// Before which sequence the walk goes on; none: it came to its end.
    pub next: Option<i64>,
}

/// So many activities at most, the newest before a sequence first. A stretch may be shorter than
/// that, or empty, and yet not be the last one.
///
/// # Errors
/// A database that fails.
pub async fn walk(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    narrowing: &Narrowing,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Stretch> {
    let mut page = narrowing.page(before, limit);
    if let Some(network) = narrowing.network {
        let Some(first) = walked::first_seen(connection, account, network).await? else {
            return Ok(Stretch::default());
        };
        let (since, until) = page.within.unwrap_or((first, FOR_EVER));
        page.within = Some((since.max(first), until));
    }
    let whole = Span::of(connection, account, &page).await?;
    let (rows, span) = if narrowing.is_led() {
        (newest::rows(connection, account, &page, whole).await?, whole)
    } else {
        let head = super::head(&mut *connection, account).await?;
        let span = Span { after: whole.after.max(whole.before.min(head + 1) - 1 - REACH), ..whole };
        (walked::rows(connection, account, narrowing, span, limit).await?, span)
    };
    let is_full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
    let last = rows.last().filter(|_| is_full).map(|row| row.sequence);
    let next = last.or_else(|| (span.after > whole.after).then_some(span.after + 1));
    let activities = with_events(log, connection, account, rows, false).await?;
    Ok(Stretch { activities, next })
}
