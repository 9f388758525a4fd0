//! Owing deliveries in the transaction of their event; whether they are held is decided at the
//! endpoint's turn.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::format::{Format, Told};
use crate::events::sentence::People;
use crate::events::{AccountRef, Consequence, Entry, Owed, Pending};
use crate::values::id::{AccountId, BoardId, DeliveryId, EndpointId, UserId};

/// The consequence that owes each event to the endpoints that asked for it.
#[derive(Debug, Clone)]
pub struct Owing {
    /// Where Cairn is, for the links in messages.
    origin: String,
}

impl Owing {
    /// Owing by a server at this address.
    pub fn new(origin: impl Into<String>) -> Self {
        Self { origin: origin.into() }
    }
}

/// An endpoint as far as it decides what is owed to it.
struct Listener {
    id: EndpointId,
    format: Format,
    events: Vec<String>,
    boards: Vec<Uuid>,
    /// Those boards of the events that are private.
    private: Vec<Uuid>,
}

/// What is owed: bytes, and who gets them.
struct Deliveries {
    account: AccountId,
    created_at: OffsetDateTime,
    payloads: Vec<Payload>,
    /// The place among the events, and who is owed it in which format.
    owed: Vec<(usize, EndpointId, Format)>,
}

/// The bytes of an event in one format.
struct Payload {
    /// The place among the events.
    place: usize,
    /// The name of the event.
    name: String,
    format: Format,
    body: Vec<u8>,
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
            let people = people(connection, account.id, events, &listeners).await?;
            let freeze = |pending: &Pending, format: Format| {
                let (header, event) = (&pending.header, pending.event.as_ref());
                format.body(&self.origin, &Told { account, header, event, people: &people })
            };
            let deliveries = Deliveries::of(account.id, events, &listeners, freeze);
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
        r#"select id as "id: EndpointId", format as "format: Format",
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

/// What people are called whom a message names; an endpoint that is told ids needs no names.
async fn people(
    connection: &mut PgConnection,
    account: AccountId,
    events: &[Pending],
    listeners: &[Listener],
) -> sqlx::Result<People> {
    let mut told = listeners.iter().filter(|listener| listener.format != Format::Cairn);
    if !told.any(|listener| events.iter().any(|pending| listener.hears(pending))) {
        return Ok(People::new());
    }
    let named = events.iter().flat_map(|pending| {
        let sentence = pending.event.sentence();
        pending.header.creator_id.into_iter().chain(sentence.people()).collect::<Vec<_>>()
    });
    let ids: Vec<UserId> = named.collect();
    let rows = sqlx::query!(
        r#"select id as "id: UserId", name from users where account_id = $1 and id = any($2)"#,
        account as _,
        &ids as _,
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
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
    fn of(
        account: AccountId,
        events: &[Pending],
        listeners: &[Listener],
        freeze: impl Fn(&Pending, Format) -> Vec<u8>,
    ) -> Option<Self> {
        let (mut payloads, mut owed) = (Vec::new(), Vec::new());
        for (place, pending) in events.iter().enumerate() {
            let hearing: Vec<&Listener> =
                listeners.iter().filter(|listener| listener.hears(pending)).collect();
            let wanted = |format: &Format| hearing.iter().any(|it| it.format == *format);
            payloads.extend(Format::ALL.into_iter().filter(wanted).map(|format| {
                let name = pending.event.kind().wire_name();
                Payload { place, name, format, body: freeze(pending, format) }
            }));
            owed.extend(hearing.iter().map(|listener| (place, listener.id, listener.format)));
        }
        let created_at = events.first()?.header.created_at;
        (!owed.is_empty()).then_some(Self { account, created_at, payloads, owed })
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
                payloads.clone().map(|it| entries[it.place].id.uuid()).collect();
            let sequences: Vec<i64> =
                payloads.clone().map(|it| entries[it.place].sequence).collect();
            let names: Vec<&str> = payloads.clone().map(|it| it.name.as_str()).collect();
            let formats: Vec<&str> = payloads.clone().map(|it| it.format.as_str()).collect();
            let bodies: Vec<&[u8]> = payloads.map(|it| it.body.as_slice()).collect();
            let owed = self.owed.iter();
            let ids: Vec<Uuid> = owed.clone().map(|_| DeliveryId::new().uuid()).collect();
            let owed_events: Vec<Uuid> =
                owed.clone().map(|(place, ..)| entries[*place].id.uuid()).collect();
            let owed_formats: Vec<&str> =
                owed.clone().map(|(.., format)| format.as_str()).collect();
            let endpoints: Vec<Uuid> = owed.map(|(_, id, _)| id.uuid()).collect();
            sqlx::query!(
                "with counted as (
                     update webhook_counters c set number = c.number + owed.count
                     from (select endpoint_id, count(*) from unnest($8::uuid[]) as endpoint_id
                           group by endpoint_id) owed
                     where c.account_id = $1 and c.endpoint_id = owed.endpoint_id
                     returning c.endpoint_id, c.number - owed.count as before
                 ), payload as (
                     select * from unnest($3::uuid[], $4::bigint[], $5::text[], $6::bytea[],
                         $10::text[]) as payload (event_id, sequence, event, body, format)
                 ), frozen as (
                     insert into webhook_payloads (account_id, event_id, format, body, created_at)
                     select $1, event_id, format, body, $2 from payload
                 ), owed as (
                     insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id,
                         event, format, sequence, status, due_at, created_at)
                     select $1, owed.id, owed.endpoint_id,
                         counted.before
                             + row_number() over (partition by owed.endpoint_id order by owed.place),
                         owed.event_id, payload.event, owed.format, payload.sequence, 'pending', $2, $2
                     from unnest($7::uuid[], $8::uuid[], $9::uuid[], $11::text[]) with ordinality
                         as owed (id, endpoint_id, event_id, format, place)
                     join counted using (endpoint_id)
                     join payload using (event_id, format)
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
                &formats as _,
                &owed_formats as _,
            )
            .execute(connection)
            .await?;
            Ok(())
        })
    }
}
