//! Writing down what is owed: the bytes, frozen once for a format, and a delivery to each endpoint
//! with its next number.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::format::Format;
use crate::events::Entry;
use crate::values::id::{AccountId, BoardId, DeliveryId, EndpointId, ReplayId};

/// What is owed to the endpoints of an account, with one event or some.
pub(super) struct Debt {
    pub(super) account: AccountId,
    /// When it is owed, and due.
    pub(super) owed_at: OffsetDateTime,
    pub(super) payloads: Vec<Payload>,
    /// The place among the events, and who is owed it in which format.
    pub(super) deliveries: Vec<(usize, EndpointId, Format)>,
    pub(super) again: Again,
}

/// The bytes of an event in one format.
pub(super) struct Payload {
    /// The place among the events.
    pub(super) place: usize,
    /// The name of the event.
    pub(super) name: String,
    /// The board on which it happened, if on one.
    pub(super) board: Option<BoardId>,
    pub(super) format: Format,
    pub(super) body: Vec<u8>,
    /// When the event happened.
    pub(super) created_at: OffsetDateTime,
}

/// Why something is owed, if not because it happened just now.
#[derive(Default)]
pub(super) struct Again {
    /// The replay that it belongs to.
    pub(super) replay: Option<ReplayId>,
    /// The delivery that somebody wished to be sent again.
    pub(super) resent: Option<DeliveryId>,
}

impl Debt {
    /// Writes it in one statement; entries stand in the order of the events. Bytes that were frozen
    /// before stay as they are, and are held until the commit, so that nobody forgets them meanwhile.
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        entries: &[Entry],
    ) -> sqlx::Result<()> {
        let payloads = self.payloads.iter();
        let event_ids: Vec<Uuid> = payloads.clone().map(|it| entries[it.place].id.uuid()).collect();
        let sequences: Vec<i64> = payloads.clone().map(|it| entries[it.place].sequence).collect();
        let names: Vec<&str> = payloads.clone().map(|it| it.name.as_str()).collect();
        let boards: Vec<Option<Uuid>> =
            payloads.clone().map(|it| it.board.map(BoardId::uuid)).collect();
        let formats: Vec<&str> = payloads.clone().map(|it| it.format.as_str()).collect();
        let times: Vec<OffsetDateTime> = payloads.clone().map(|it| it.created_at).collect();
        let bodies: Vec<&[u8]> = payloads.map(|it| it.body.as_slice()).collect();
        let owed = self.deliveries.iter();
        let ids: Vec<Uuid> = owed.clone().map(|_| DeliveryId::new().uuid()).collect();
        let owed_events: Vec<Uuid> =
            owed.clone().map(|(place, ..)| entries[*place].id.uuid()).collect();
        let owed_formats: Vec<&str> = owed.clone().map(|(.., format)| format.as_str()).collect();
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
                     $10::text[], $12::timestamptz[], $15::uuid[])
                     as payload (event_id, sequence, event, body, format, created_at, board_id)
             ), frozen as (
                 insert into webhook_payloads as p (account_id, event_id, format, body, created_at)
                 select $1, event_id, format, body, created_at from payload
                 on conflict (account_id, event_id, format)
                 do update set created_at = p.created_at
             ), owed as (
                 insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id,
                     event, board_id, format, sequence, status, due_at, created_at, replay_id,
                     resent_id)
                 select $1, owed.id, owed.endpoint_id,
                     counted.before
                         + row_number() over (partition by owed.endpoint_id order by owed.place),
                     owed.event_id, payload.event, payload.board_id, owed.format, payload.sequence, 'pending', $2, $2,
                     $13, $14
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
            self.owed_at,
            &event_ids,
            &sequences,
            &names as _,
            &bodies as _,
            &ids,
            &endpoints,
            &owed_events,
            &formats as _,
            &owed_formats as _,
            &times,
            self.again.replay as _,
            self.again.resent as _,
            &boards as _,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
