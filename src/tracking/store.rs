//! One statement stores reports, counts them, and notes who has seen what; a row that Postgres will
//! not take is found and set aside.

use std::ops::Range;

use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::Row;
use crate::values::clock;
use crate::values::id::TrackingEventId;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is stored, now or before.
    Stored,
    /// It is about something that its sender does not see.
    Unseen,
    /// Postgres will never take it.
    Spoiled,
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

/// Classes of SQLSTATE that say that something is wrong with a row: what it holds, what constraints
/// and triggers make of it, how large it is.
const OF_A_ROW: [&str; 4] = ["22", "23", "54", "P0"];

/// Stores rows, and says what became of each. When Postgres refuses some for one of them, each half is
/// tried by itself, down to the one.
pub(super) async fn store(pool: &PgPool, rows: &[Row]) -> Vec<Result<Fate, Unstored>> {
    let mut fates = vec![Ok(Fate::Stored); rows.len()];
    let mut waiting: Vec<Range<usize>> = Vec::from([Range { start: 0, end: rows.len() }]);
    while let Some(range) = waiting.pop() {
        match insert_patiently(pool, &rows[range.clone()]).await {
            Ok(unseen) => {
                unseen.iter().for_each(|at| fates[range.start + at] = Ok(Fate::Unseen));
            }
            Err(error) if is_of_a_row(&error) => match halves(range) {
                Ok(halves) => waiting.extend(halves),
                Err(at) => {
                    tracing::info!(%error, "Postgres will not take a tracking event");
                    fates[at] = Ok(Fate::Spoiled);
                }
            },
            Err(error) => {
                tracing::warn!(%error, "tracking events were not stored");
                waiting.push(range);
                for at in waiting.drain(..).flatten() {
                    fates[at] = Err(Unstored::Failed);
                }
            }
        }
    }
    fates
}

/// The halves of a range, or the one place that it has.
fn halves(range: Range<usize>) -> Result<[Range<usize>; 2], usize> {
    let middle = range.start + range.len() / 2;
    if middle == range.start {
        return Err(middle);
    }
    Ok([range.start..middle, middle..range.end])
}

fn is_of_a_row(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    // That a day has no partition is nobody's fault who sends a row.
    let no_partition = error.code().as_deref() == Some("23514") && error.constraint().is_none();
    let class = error.code().map(|code| code.chars().take(2).collect::<String>());
    !no_partition && class.is_some_and(|class| OF_A_ROW.contains(&class.as_str()))
}

/// Stores rows; what failed for another reason than a row is tried once more: a connection may have
/// died, or two processes have met.
async fn insert_patiently(pool: &PgPool, rows: &[Row]) -> sqlx::Result<Vec<usize>> {
    match insert(pool, rows).await {
        Err(error) if !is_of_a_row(&error) => insert(pool, rows).await,
        outcome => outcome,
    }
}

/// Stores those of the rows that are about nothing, or about something that their senders see; counts
/// those that are new, by the day and hour of their account’s time zone; and notes that a board or a
/// card was seen, as the log was when it was. The places of those that are not stored.
async fn insert(pool: &PgPool, rows: &[Row]) -> sqlx::Result<Vec<usize>> {
    let of = |value: fn(&Row) -> Uuid| rows.iter().map(value).collect::<Vec<_>>();
    let accounts = of(|row| row.account_id.uuid());
    let users = of(|row| row.user_id.uuid());
    let ids: Vec<TrackingEventId> = rows.iter().map(|row| row.report.id).collect();
    let zones: Vec<&str> = rows.iter().map(|row| row.zone.as_str()).collect();
    let addresses: Vec<Option<&str>> = rows.iter().map(|row| row.address.as_deref()).collect();
    let types: Vec<&str> = rows.iter().map(|row| row.report.event_type.as_str()).collect();
    let kinds: Vec<Option<&str>> = rows.iter().map(trackable_type).collect();
    let things: Vec<Option<Uuid>> =
        rows.iter().map(|row| row.report.trackable.map(|trackable| trackable.id)).collect();
    let urls: Vec<&str> = rows.iter().map(|row| row.report.url.as_str()).collect();
    let times: Vec<OffsetDateTime> = rows.iter().map(|row| row.report.occurred_at).collect();
    let unseen = sqlx::query_file_scalar!(
        "src/tracking/store.sql",
        &accounts,
        &ids as _,
        &users,
        &zones as _,
        &addresses as _,
        &types as _,
        &kinds as _,
        &things as _,
        &urls as _,
        &times,
        clock::now(),
    )
    .fetch_all(pool)
    .await?;
    // An ordinality counts from one.
    Ok(unseen.iter().filter_map(|number| usize::try_from(number - 1).ok()).collect())
}

fn trackable_type(row: &Row) -> Option<&'static str> {
    row.report.trackable.map(|trackable| trackable.kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::halves;

    #[test]
    fn halving_ends_with_one() {
        assert_eq!(halves(0..5), Ok([0..2, 2..5]));
        assert_eq!(halves(2..4), Ok([2..3, 3..4]));
        assert_eq!(halves(3..4), Err(3));
    }
}
