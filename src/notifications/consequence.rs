//! Telling those whom an event concerns, in its own transaction.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::letters::UNREAD_FOR;
use crate::events::{AccountRef, Audience, Consequence, Owed, Pending};
use crate::values::id::{CardId, EndpointId, UserId};

/// The consequence that writes notices.
#[derive(Debug, Clone, Copy)]
pub struct Telling;

impl Consequence for Telling {
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>> {
        Box::pin(async move {
            for pending in events {
                match pending.event.audience() {
                    Audience::Nobody => {}
                    Audience::Watchers(card) => {
                        tell(connection, account, pending, card, None).await?;
                    }
                    Audience::People { card, people } => {
                        tell(connection, account, pending, card, Some(&people)).await?;
                    }
                    Audience::Admins(endpoint) => {
                        tell_admins(connection, account, pending, endpoint).await?;
                    }
                }
            }
            Ok(None)
        })
    }
}

/// Writes the notices of the people named, or else of a card's watchers, as far as they see the
/// board that it happened on; in the order of their ids, so that two changes at once take the rows
/// in the same order.
async fn tell(
    connection: &mut PgConnection,
    account: &AccountRef,
    pending: &Pending,
    card: CardId,
    people: Option<&[UserId]>,
) -> sqlx::Result<()> {
    let header = &pending.header;
    sqlx::query!(
        "insert into notifications
             (account_id, user_id, subject_type, subject_id, event_id, board_id, unread, created_at,
              updated_at, letter_due_at)
         select $1, person.user_id, 'Card', $2, $3, $4, 1, $5, $5, $6
         from (select user_id from watches
               where account_id = $1 and card_id = $2 and $7::uuid[] is null
               union all
               select unnest($7::uuid[])) person
         join board_viewers v
           on v.account_id = $1 and v.board_id = $4 and v.user_id = person.user_id
         where person.user_id is distinct from $8
         order by person.user_id
         on conflict (account_id, user_id, subject_id) do update
         set event_id = excluded.event_id, board_id = excluded.board_id,
             unread = notifications.unread + 1, updated_at = excluded.updated_at, read_at = null,
             letter_due_at = coalesce(notifications.letter_due_at, excluded.letter_due_at)",
        account.id as _,
        card as _,
        header.id as _,
        header.board_id as _,
        header.created_at,
        header.created_at + UNREAD_FOR,
        people as _,
        header.creator_id as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the notices of those who look after endpoints, in the order of their ids.
async fn tell_admins(
    connection: &mut PgConnection,
    account: &AccountRef,
    pending: &Pending,
    endpoint: EndpointId,
) -> sqlx::Result<()> {
    let header = &pending.header;
    sqlx::query!(
        "insert into notifications
             (account_id, user_id, subject_type, subject_id, event_id, unread, created_at, updated_at,
              letter_due_at)
         select $1, id, 'WebhookEndpoint', $2, $3, 1, $4, $4, $5 from users
         where account_id = $1 and role in ('owner', 'admin') and removed_at is null
           and id is distinct from $6
         order by id
         on conflict (account_id, user_id, subject_id) do update
         set event_id = excluded.event_id, unread = notifications.unread + 1,
             updated_at = excluded.updated_at, read_at = null,
             letter_due_at = coalesce(notifications.letter_due_at, excluded.letter_due_at)",
        account.id as _,
        endpoint as _,
        header.id as _,
        header.created_at,
        header.created_at + UNREAD_FOR,
        header.creator_id as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
