//! Erasing somebody's words from the log: the events stay, and the chain over them holds.

use sqlx::PgConnection;

use super::chain::Tables;
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
    let mut events = theirs(connection, account, user).await?;
    events.extend(of_others(connection, account, user).await?);
    let tables = Tables::read(&mut *connection).await?;
    for statement in tables.erasing() {
        sqlx::query(&statement).bind(account).bind(&events).execute(&mut *connection).await?;
    }
    erase_addresses(connection, account, user).await?;
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

/// Events of others that quote what they wrote on a card: another wrote over it, deleted the card, or
/// moved it to another board.
async fn of_others(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<Vec<EventId>> {
    sqlx::query_scalar!(
        r#"with written as (
               select e.card_id, c.new as text from activities a
               join card_updated e on e.account_id = $1 and e.id = a.id
               join card_updated_changes c on c.account_id = $1 and c.event_id = a.id
               where a.account_id = $1 and a.creator_id = $2 and a.subject_type = 'card_updated'
                 and c.attribute = 'description' and c.new <> ''
           )
           select e.id as "id!: EventId" from card_updated e
           join card_updated_changes c on c.account_id = $1 and c.event_id = e.id
           join written w on w.card_id = e.card_id and w.text = c.old
           where e.account_id = $1
           union
           select e.id from card_deleted e
           join written w on w.card_id = e.card_id and w.text = e.description where e.account_id = $1
           union
           select e.id from card_moved_from_board e
           join written w on w.card_id = e.card_id and w.text = e.description where e.account_id = $1"#,
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
