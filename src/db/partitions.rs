//! The daily partitions of tables whose rows carry their time in a UUIDv7.

use sqlx::{PgConnection, PgPool};
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
    // Making one locks the table for everybody, so it is done only for a day that has none.
    let present = present(&mut transaction, table).await?;
    for day in (-BACK..=AHEAD).map(|offset| now.date() + Duration::days(offset)) {
        let name = name(table, day);
        if present.contains(&name) {
            continue;
        }
        let (from, to) = (first_id(day), first_id(day + Duration::DAY));
        let statement = format!(
            "create table {name} partition of {table} for values from ('{from}') to ('{to}')"
        );
        sqlx::query(&statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn present(connection: &mut PgConnection, table: &str) -> sqlx::Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        r#"select part.relname::text as "name!"
           from pg_inherits join pg_class part on part.oid = inhrelid
           where inhparent = $1::text::regclass"#,
        table,
    );
    names.fetch_all(connection).await
}

fn name(table: &str, day: Date) -> String {
    format!("{table}_{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// The lowest UUIDv7 of a day (RFC 9562 section 5.7: 48 bits of milliseconds come first).
fn first_id(day: Date) -> Uuid {
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
}
