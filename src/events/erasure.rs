//! Erasing somebody's words from the log: the events stay, and the chain over them holds.

use sqlx::PgConnection;

use super::chain::Tables;
use super::checkpoints;
use crate::db::notify;
use crate::values::id::{AccountId, EventId, UserId};

/// Erases what a person wrote from all events: the words of what they did, and those that they wrote on
/// cards where events of others tell what was there before. Names of things in events of others stay.
/// Gives the events whose words are gone.
///
/// # Errors
/// A database that fails.
pub async fn erase(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<Vec<EventId>> {
    let tables = Tables::read(&mut *connection).await?;
    let mut events = theirs(connection, account, user).await?;
    let mut descriptions: Vec<String> = Vec::new();
    for statement in tables.descriptions() {
        let written = sqlx::query_scalar(&statement).bind(account).bind(&events);
        descriptions.extend(written.fetch_all(&mut *connection).await?);
    }
    for statement in tables.saying_again() {
        let again = sqlx::query_scalar(&statement).bind(account).bind(user);
        let again: Vec<EventId> = again.fetch_all(&mut *connection).await?;
        events.extend(again);
    }
    for statement in tables.quoting() {
        let quoting = sqlx::query_scalar(&statement).bind(account).bind(&descriptions);
        let quoting: Vec<EventId> = quoting.fetch_all(&mut *connection).await?;
        events.extend(quoting);
    }
    for statement in tables.erasing() {
        sqlx::query(&statement).bind(account).bind(&events).execute(&mut *connection).await?;
    }
    // Boards as they were are kept with those words; they are kept anew without.
    checkpoints::forget(&mut *connection, account, None, 1).await?;
    erase_addresses(connection, account, user).await?;
    tell(connection, account).await?;
    Ok(events)
}

async fn theirs(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<Vec<EventId>> {
    sqlx::query_scalar!(
        r#"select id as "id: EventId" from activities where account_id = $1 and creator_id = $2"#,
        account as _,
        user as _,
    )
    .fetch_all(connection)
    .await
}

/// Erases the addresses from which nobody else came.
async fn erase_addresses(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update addresses set address = null, salt = null
         where account_id = $1 and id in (
             select address_id from activities where account_id = $1 and creator_id = $2)
           and not exists (
             select from activities a where a.account_id = $1 and a.address_id = addresses.id
               and a.creator_id is distinct from $2)",
        account as _,
        user as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Tells every process with the commit that it is to forget what it holds of the account. Commits queue
/// behind that of a transaction that says something, which an erasure is rare enough for.
async fn tell(connection: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!(r#"select pg_notify($1, $2) as "told""#, notify::ERASURES, account.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
