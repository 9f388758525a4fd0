//! Trying an endpoint that is switched off now and then, so that one that recovers comes back by itself.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::claimed::Claimed;
use super::signature::Scheme;
use crate::values::id::{AccountId, DeliveryId, EndpointId, EventId};

/// Claims the oldest delivery that is held, if its endpoint's time has come, and puts the next such
/// time off: twice as far each time, a day at most. Whoever calls this has the endpoint's turn.
pub(super) async fn claim(
    connection: &mut PgConnection,
    (account, endpoint): (AccountId, EndpointId),
    now: OffsetDateTime,
    leased_until: OffsetDateTime,
) -> sqlx::Result<Vec<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"with probed as (
               update webhook_disablements
               set probes = probes + 1,
                   probe_at = $3 + least(interval '1 day', interval '1 hour' * 2 ^ least(probes, 10))
               where account_id = $1 and endpoint_id = $2 and ended_at is null and probe_at <= $3
               returning endpoint_id
           ), claimed as (
               update webhook_deliveries d set status = 'pending', lease_id = $4, due_at = $5
               where account_id = $1 and status = 'held' and exists(select from probed)
                 and id = (select id from webhook_deliveries h
                           where h.account_id = $1 and h.endpoint_id = $2 and h.status = 'held'
                           order by number limit 1)
               returning d.*
           )
           select d.account_id as "account!: AccountId", d.endpoint_id as "endpoint!: EndpointId",
               d.id as "id!: DeliveryId", d.lease_id as "lease!", d.due_at as "leased_until!",
               d.due_at as "due_at!", false as "is_uncertain!", d.created_at as "created_at!",
               d.number as "number!", d.sequence as "sequence!", d.event_id as "event_id!: EventId",
               d.attempts as "attempts!", d.postponements as "postponements!", true as "is_probe!",
               d.replay_id is not null or d.resent_id is not null as "is_again!",
               exists(select from boards b where b.account_id = d.account_id and b.id = d.board_id
                   and b.access = 'chosen')
                 and not exists(select from webhook_endpoint_boards n
                     where n.account_id = d.account_id and n.endpoint_id = d.endpoint_id
                       and n.board_id = d.board_id) as "is_withheld!",
               e.url, e.sealed_secret,
               case when e.older_until > $3 then e.older_sealed_secret end as older_sealed_secret,
               e.signature as "signature: Scheme", (e.other_until > $3) is true as "other_too!",
               e.sealed_key,
               case when e.older_until > $3 then e.older_sealed_key end as older_sealed_key,
               e.sealed_headers, p.body
           from claimed d
           join webhook_endpoints e on e.account_id = d.account_id and e.id = d.endpoint_id
           join webhook_payloads p on p.account_id = d.account_id and p.event_id = d.event_id
               and p.format = d.format"#,
        account as _,
        endpoint as _,
        now,
        Uuid::now_v7(),
        leased_until,
    )
    .fetch_all(connection)
    .await
}
