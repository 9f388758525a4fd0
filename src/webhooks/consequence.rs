//! Owing deliveries in the transaction of their event; whether they are held is decided at the
//! endpoint's turn.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::events::{AccountRef, Consequence, Entry, Envelope, Owed, Pending};
use crate::values::id::{AccountId, BoardId, DeliveryId, EndpointId};

/// The consequence that owes each event to the endpoints that asked for it.
#[derive(Debug, Clone, Copy)]
pub struct Owing;

/// An endpoint as far as it decides what is owed to it.
struct Listener {
    id: EndpointId,
    events: Vec<String>,
    boards: Vec<Uuid>,
    /// Those boards of the events that are private.
    private: Vec<Uuid>,
}

/// What is owed: bytes, and who gets them.
struct Deliveries {
    account: AccountId,
    created_at: OffsetDateTime,
    /// The place among the events, the wire name and the frozen bytes.
    payloads: Vec<(usize, String, Vec<u8>)>,
    /// The place among the events, and who is owed it.
    owed: Vec<(usize, EndpointId)>,
}

impl Consequence for Owing {
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>> {
        Box::pin(async move {
            let listeners = listeners(connection, account.id, events).await?;
            let deliveries = Deliveries::of(account, events, &listeners);
            Ok(deliveries.map(|owed| Box::new(owed) as Box<dyn Owed>))
        })
    }
}

async fn listeners(
    connection: &mut PgConnection,
    account: AccountId,
    events: &[Pending],
) -> sqlx::Result<Vec<Listener>> {
    let boards: Vec<BoardId> =
        events.iter().filter_map(|pending| pending.header.board_id).collect();
    sqlx::query_as!(
        Listener,
        r#"select id as "id: EndpointId",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id) as "events!",
               array(select board_id from webhook_endpoint_boards b
                     where b.account_id = $1 and b.endpoint_id = e.id) as "boards!",
               array(select id from boards p where p.account_id = $1 and p.id = any($2)
                     and p.access = 'chosen') as "private!"
           from webhook_endpoints e where account_id = $1 and removed_at is null"#,
        account as _,
        &boards as _,
    )
    .fetch_all(connection)
    .await
}

impl Listener {
    /// Whether it asked for an event; none hears of itself.
    fn hears(&self, pending: &Pending) -> bool {
        let kind = pending.event.kind();
        kind.shows.webhooks
            && pending.event.place().endpoint != Some(self.id)
            && self.events.iter().any(|name| kind.matches(name))
            && self.hears_of(pending.header.board_id)
    }

    /// One that named boards hears only of what happens on them, and only such a one hears of a
    /// private board.
    fn hears_of(&self, board: Option<BoardId>) -> bool {
        match board.map(BoardId::uuid) {
            Some(id) if self.boards.is_empty() => !self.private.contains(&id),
            Some(id) => self.boards.contains(&id),
            None => self.boards.is_empty(),
        }
    }
}

impl Deliveries {
    fn of(account: &AccountRef, events: &[Pending], listeners: &[Listener]) -> Option<Self> {
        let (mut payloads, mut owed) = (Vec::new(), Vec::new());
        for (place, pending) in events.iter().enumerate() {
            let before = owed.len();
            let hearing = listeners.iter().filter(|listener| listener.hears(pending));
            owed.extend(hearing.map(|listener| (place, listener.id)));
            if owed.len() > before {
                let event = pending.event.as_ref();
                let body = Envelope::new(account, &pending.header, event).to_bytes();
                payloads.push((place, event.kind().wire_name(), body));
            }
        }
        let created_at = events.first()?.header.created_at;
        (!owed.is_empty()).then_some(Self { account: account.id, created_at, payloads, owed })
    }
}

impl Owed for Deliveries {
    fn owe<'a>(
        self: Box<Self>,
        connection: &'a mut PgConnection,
        entries: &'a [Entry],
    ) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async move {
            let payloads = self.payloads.iter();
            let event_ids: Vec<Uuid> =
                payloads.clone().map(|(place, ..)| entries[*place].id.uuid()).collect();
            let sequences: Vec<i64> =
                payloads.clone().map(|(place, ..)| entries[*place].sequence).collect();
            let names: Vec<&str> = payloads.clone().map(|(_, name, _)| name.as_str()).collect();
            let bodies: Vec<&[u8]> = payloads.map(|(.., body)| body.as_slice()).collect();
            let owed = self.owed.iter();
            let ids: Vec<Uuid> = owed.clone().map(|_| DeliveryId::new().uuid()).collect();
            let owed_events: Vec<Uuid> =
                owed.clone().map(|(place, _)| entries[*place].id.uuid()).collect();
            let endpoints: Vec<Uuid> = owed.map(|(_, id)| id.uuid()).collect();
            sqlx::query!(
                "with counted as (
                     update webhook_counters c set number = c.number + owed.count
                     from (select endpoint_id, count(*) from unnest($8::uuid[]) as endpoint_id
                           group by endpoint_id) owed
                     where c.account_id = $1 and c.endpoint_id = owed.endpoint_id
                     returning c.endpoint_id, c.number - owed.count as before
                 ), payload as (
                     select * from unnest($3::uuid[], $4::bigint[], $5::text[], $6::bytea[])
                         as payload (event_id, sequence, event, body)
                 ), frozen as (
                     insert into webhook_payloads (account_id, event_id, body, created_at)
                     select $1, event_id, body, $2 from payload
                 ), owed as (
                     insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id,
                         event, sequence, status, due_at, created_at)
                     select $1, owed.id, owed.endpoint_id,
                         counted.before
                             + row_number() over (partition by owed.endpoint_id order by owed.place),
                         owed.event_id, payload.event, payload.sequence, 'pending', $2, $2
                     from unnest($7::uuid[], $8::uuid[], $9::uuid[]) with ordinality
                         as owed (id, endpoint_id, event_id, place)
                     join counted using (endpoint_id)
                     join payload using (event_id)
                 )
                 insert into webhook_due (account_id, endpoint_id, due_at)
                 select distinct $1::uuid, endpoint_id, $2::timestamptz
                 from unnest($8::uuid[]) as endpoint_id order by endpoint_id
                 on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at
                 where webhook_due.due_at > excluded.due_at",
                self.account as _,
                self.created_at,
                &event_ids,
                &sequences,
                &names as _,
                &bodies as _,
                &ids,
                &endpoints,
                &owed_events,
            )
            .execute(connection)
            .await?;
            Ok(())
        })
    }
}
