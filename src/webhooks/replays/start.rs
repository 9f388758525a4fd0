//! Starting a replay.

use super::preview::count;
use super::{Replay, Wanted, find};
use crate::domain::{Actor, Error, Result};
use crate::events::kinds::webhook_replay_started::WebhookReplayStarted;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::{EndpointId, ReplayId};
use crate::webhooks::endpoints;

/// Starts sending a part of the log to an endpoint again; the deliveries follow bit by bit.
///
/// # Errors
/// [`Error::Invalid`] names the field: a span that ends before it starts or is to come, unknown
/// events, boards that they do not see, nothing to send, or another replay that is under way;
/// [`Error::NotFound`] when there is no such endpoint; [`Error::Forbidden`] for those who are no
/// admins.
pub async fn start(
    log: &Log,
    actor: &Actor,
    endpoint: EndpointId,
    wanted: &Wanted,
) -> Result<Replay> {
    let endpoint = endpoints::present(log.pool(), actor, endpoint).await?;
    let mut change = log.change(&actor.creator()).await?;
    let wanted = wanted.checked(&mut change, actor, &endpoint).await?;
    let preview = count(log, &mut change, actor.account.id, &endpoint, &wanted).await?;
    if preview.total == 0 {
        return Err(Error::invalid("which", "There is nothing of this to send."));
    }
    let id = ReplayId::new();
    let inserted = sqlx::query!(
        "insert into webhook_replays (account_id, id, endpoint_id, which, events, board_ids, since,
             until, first_sequence, after_sequence, until_sequence, total, creator_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13)
         on conflict (account_id, endpoint_id) where ended_at is null and delivery_id is null
         do nothing",
        actor.account.id as _,
        id as _,
        endpoint.id as _,
        wanted.which as _,
        &wanted.events,
        &wanted.board_ids as _,
        wanted.since,
        wanted.until,
        preview.after,
        preview.up_to,
        preview.total,
        actor.user_id as _,
        clock::now(),
    );
    if inserted.execute(&mut *change).await?.rows_affected() == 0 {
        let why = "A replay to this endpoint is under way. Wait for its end, or cancel it.";
        return Err(Error::invalid("which", why));
    }
    let started = WebhookReplayStarted {
        endpoint: EndpointSnapshot::new(endpoint.id, &endpoint.url),
        since: wanted.since,
        until: wanted.until,
        which: wanted.which.as_str().to_owned(),
        events: wanted.events,
        board_ids: wanted.board_ids,
        total: preview.total,
    };
    change.record(started).await?;
    find(log.pool(), actor, endpoint.id, id).await
}
