//! Sending one delivery again.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Replay, Which, find};
use crate::domain::{Actor, Error, Result};
use crate::events::kinds::webhook_delivery_resent::WebhookDeliveryResent;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::{BoardId, DeliveryId, EndpointId, ReplayId};
use crate::webhooks::deliveries::Status;
use crate::webhooks::endpoints;
use crate::webhooks::listener::listeners;

/// A delivery as far as it decides whether it can be sent again.
struct Original {
    number: i64,
    sequence: i64,
    status: Status,
    is_under_way: bool,
    board_id: Option<BoardId>,
}

/// Has a delivery sent again: one that has ended as a new one, with the same bytes and the same
/// `webhook-id`, and stays as it is; one that waits for its next try is tried at once.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Invalid`] when it is under way or held, or
/// the endpoint may not hear of it any more; [`Error::Forbidden`] for those who are no admins.
pub async fn resend(
    log: &Log,
    actor: &Actor,
    endpoint: EndpointId,
    delivery: DeliveryId,
) -> Result<Replay> {
    let endpoint = endpoints::present(log.pool(), actor, endpoint).await?;
    let mut change = log.change(&actor.creator()).await?;
    let original = original(&mut change, actor, endpoint.id, delivery).await?;
    check(&mut change, actor, endpoint.id, &original).await?;
    let id = ReplayId::new();
    let inserted = sqlx::query!(
        "insert into webhook_replays (account_id, id, endpoint_id, delivery_id, which, events, board_ids,
             first_sequence, after_sequence, until_sequence, total, creator_id, created_at)
         values ($1, $2, $3, $4, $5, '{}', '{}', $6, $6, $7, 1, $8, $9)
         on conflict (account_id, delivery_id) where ended_at is null do nothing",
        actor.account.id as _,
        id as _,
        endpoint.id as _,
        delivery as _,
        Which::All as _,
        original.sequence - 1,
        original.sequence,
        actor.user_id as _,
        clock::now(),
    );
    if inserted.execute(&mut *change).await?.rows_affected() == 0 {
        return Err(Error::invalid("delivery", "It is being sent again already."));
    }
    let snapshot = EndpointSnapshot::new(endpoint.id, &endpoint.url);
    change.record(WebhookDeliveryResent { endpoint: snapshot, number: original.number }).await?;
    find(log.pool(), actor, endpoint.id, id).await
}

async fn original(
    connection: &mut PgConnection,
    actor: &Actor,
    endpoint: EndpointId,
    id: DeliveryId,
) -> Result<Original> {
    let now: OffsetDateTime = clock::now();
    let original = sqlx::query_as!(
        Original,
        r#"select d.number, d.sequence, d.status as "status: Status",
               d.status = 'pending' and d.lease_id is not null and d.due_at > $4 as "is_under_way!",
               a.board_id as "board_id: BoardId"
           from webhook_deliveries d
           join activities a on a.account_id = $1 and a.sequence = d.sequence
           where d.account_id = $1 and d.endpoint_id = $2 and d.id = $3"#,
        actor.account.id as _,
        endpoint as _,
        id as _,
        now,
    );
    original.fetch_optional(connection).await?.ok_or(Error::NotFound)
}

async fn check(
    connection: &mut PgConnection,
    actor: &Actor,
    endpoint: EndpointId,
    original: &Original,
) -> Result<()> {
    let refused = |why: &str| Err(Error::invalid("delivery", why));
    if original.is_under_way {
        return refused("It is under way at this moment; wait for what comes of it.");
    }
    if original.status == Status::Held {
        return refused("It is held, and is sent when the endpoint is switched on.");
    }
    let boards: Vec<BoardId> = original.board_id.into_iter().collect();
    let listeners = listeners(connection, actor.account.id, Some(endpoint), &boards).await?;
    match listeners.iter().any(|listener| listener.may_know_of(original.board_id)) {
        true => Ok(()),
        false => {
            refused("It happened on a private board that the endpoint does not name any more.")
        }
    }
}
