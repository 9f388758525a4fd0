//! The daily partitions of tables whose rows carry their time in a UUIDv7.

use sqlx::{PgConnection, PgPool};
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// How many days are made ahead: so long may nobody look after it.
const AHEAD: i64 = 30;

/// How many days back rows may still come in: a browser that was offline.
const BACK: i64 = 8;

/// Makes the partitions of a table from a week ago until a month from now; those that are there
/// stay as they are.
///
/// # Errors
/// A database that fails.
pub async fn make(pool: &PgPool, table: &'static str, now: OffsetDateTime) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    // Of two processes that make the same table at once, one would fail.
    sqlx::query("select pg_advisory_xact_lock(hashtext('cairn partitions'))")
        .execute(&mut *transaction)
        .await?;
    let present = days(&mut transaction, table).await?;
    for day in (-BACK..=AHEAD).map(|offset| now.date() + Duration::days(offset)) {
        if !present.contains(&day) {
            make_day(&mut transaction, table, day).await?;
        }
    }
    transaction.commit().await
}

/// Makes the partition of one day, if there is none: making one locks the table for everybody.
pub(super) async fn make_day(
    connection: &mut PgConnection,
    table: &str,
    day: Date,
) -> sqlx::Result<()> {
    let (name, from, to) = (name(table, day), first_id(day), first_id(day + Duration::DAY));
    let statement = format!(
        "create table if not exists {name} partition of {table}
         for values from ('{from}') to ('{to}')"
    );
    sqlx::query(&statement).execute(connection).await?;
    Ok(())
}

/// Drops the partitions of a table with what is older than a day: no row is deleted one by one.
///
/// # Errors
/// A database that fails, or somebody who uses the table for longer than a lock is waited for.
pub async fn drop_before(pool: &PgPool, table: &'static str, first: Date) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    let present = days(&mut transaction, table).await?;
    for day in present.into_iter().filter(|day| *day < first) {
        let statement = format!("drop table {}", name(table, day));
        sqlx::query(&statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// The days for which a table has partitions, in their order.
pub(super) async fn days(connection: &mut PgConnection, table: &str) -> sqlx::Result<Vec<Date>> {
    let names = sqlx::query_scalar!(
        r#"select part.relname::text as "name!"
           from pg_inherits join pg_class part on part.oid = inhrelid
           where inhparent = $1::text::regclass order by part.relname"#,
        table,
    );
    let names = names.fetch_all(connection).await?;
    Ok(names.iter().filter_map(|name| day(table, name)).collect())
}

fn name(table: &str, day: Date) -> String {
    format!("{table}_{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// The day that a partition's [`name`] says.
fn day(table: &str, name: &str) -> Option<Date> {
    let digits = name.strip_prefix(table)?.strip_prefix('_')?;
    Date::parse(digits, format_description!("[year][month][day]")).ok()
}

/// The lowest UUIDv7 of a day (RFC 9562 section 5.7: 48 bits of milliseconds come first).
pub fn first_id(day: Date) -> Uuid {
    let milliseconds = day.midnight().assume_utc().unix_timestamp().unsigned_abs() * 1_000;
    Uuid::from_u128(u128::from(milliseconds) << 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn an_id_of_today_lies_between_the_bounds_of_today() {
        let today = crate::values::clock::now().date();
        let id = crate::values::id::EventId::new().uuid();
        assert!(first_id(today) < id && id < first_id(today + Duration::days(2)));
        assert!(first_id(date!(2026 - 11 - 24)) < first_id(date!(2026 - 11 - 25)));
    }

    #[test]
    fn a_name_says_its_day() {
        let today = date!(2026 - 11 - 24);
        assert_eq!(name("events", today), "events_20261124");
        assert_eq!(day("events", "events_20261124"), Some(today));
        assert_eq!(day("events", "events_default"), None);
    }
}
