//! What is kept of deliveries goes with the data of somebody whom they tell of.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::events::{AccountRef, Consequence, Owed, Pending};
use crate::values::id::{AccountId, EventId, UserId};

/// The consequence that erases bytes and answers of deliveries when a person’s data is erased.
#[derive(Debug, Clone, Copy)]
pub struct Forgetting;

impl Consequence for Forgetting {
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>> {
        Box::pin(async move {
            for (user, erased) in events.iter().filter_map(|pending| pending.event.erases()) {
                forget(connection, account.id, user, erased).await?;
            }
            Ok(None)
        })
    }
}

/// Erases the frozen bytes of the events whose words went, and of what names them in a format that has names. What was
/// not sent yet is sent no more; what a receiver answered is erased as well, for it may quote.
async fn forget(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
    erased: &[EventId],
) -> sqlx::Result<()> {
    sqlx::query!(
        "with theirs as (
             select unnest($3::uuid[]) as id
             union
             select event_id from webhook_payloads
             where account_id = $1 and format <> 'cairn' and created_at > (
                 select created_at from users where account_id = $1 and id = $2)
         ), payloads as (
             delete from webhook_payloads
             where account_id = $1 and event_id in (select id from theirs)
         ), skipped as (
             update webhook_deliveries set status = 'skipped', lease_id = null
             where account_id = $1 and event_id in (select id from theirs)
               and status in ('pending', 'held')
         )
         update webhook_attempts set response_body = null, response_headers = ''
         where account_id = $1 and delivery_id in (
             select d.id from webhook_deliveries d join theirs on theirs.id = d.event_id
             where d.account_id = $1)",
        account as _,
        user as _,
        erased as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
