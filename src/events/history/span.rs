//! The sequences between which a page of the log lies.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::page::{From, Page};
use crate::values::id::AccountId;

/// Events get their time before they get their sequence, so around a moment the two may disagree;
/// never for longer than a change may take.
const UNSURE: Duration = Duration::minutes(2);

/// A part of the log: after one sequence, before the other, neither included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) after: i64,
    pub(super) before: i64,
}

impl Span {
    /// Where a page lies; one query if times are asked for, so that the sequences lead there and
    /// nobody walks through all that came since.
    pub(super) async fn of(
        connection: &mut PgConnection,
        account: AccountId,
        page: &Page,
    ) -> sqlx::Result<Self> {
        let (after, before) = match page.from {
            From::Newest => (0, i64::MAX),
            From::Before(sequence) => (0, sequence),
            From::After(sequence) => (sequence, i64::MAX),
        };
        let Some((since, until)) = page.within else { return Ok(Self { after, before }) };
        let times = Self::around(connection, account, since, until).await?;
        Ok(Self { after: after.max(times.after), before: before.min(times.before) })
    }

    pub(super) async fn around(
        connection: &mut PgConnection,
        account: AccountId,
        since: OffsetDateTime,
        until: OffsetDateTime,
    ) -> sqlx::Result<Self> {
        let found = sqlx::query!(
            r#"select (select sequence from activities where account_id = $1 and created_at < $2
                       order by created_at desc limit 1) as after,
                   (select sequence from activities where account_id = $1 and created_at > $3
                    order by created_at limit 1) as before"#,
            account as _,
            since - UNSURE,
            until + UNSURE,
        )
        .fetch_one(connection)
        .await?;
        Ok(Self { after: found.after.unwrap_or(0), before: found.before.unwrap_or(i64::MAX) })
    }
}
