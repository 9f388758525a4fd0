//! Canceling a replay.

use super::find;
use crate::domain::{Actor, Error, Result};
use crate::events::kinds::webhook_replay_canceled::WebhookReplayCanceled;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::{EndpointId, ReplayId};
use crate::webhooks::endpoints;

/// Cancels a replay. What of it is owed and not under way is skipped in a moment.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Invalid`] when it has ended or was canceled
/// before; [`Error::Forbidden`] for those who are no admins.
pub async fn cancel(log: &Log, actor: &Actor, endpoint: EndpointId, id: ReplayId) -> Result<()> {
    let endpoint = endpoints::find(log.pool(), actor, endpoint).await?;
    find(log.pool(), actor, endpoint.id, id).await?;
    let mut change = log.change(&actor.creator()).await?;
    let canceled = sqlx::query!(
        "update webhook_replays set canceled_at = $4
         where account_id = $1 and endpoint_id = $2 and id = $3
           and canceled_at is null and ended_at is null",
        actor.account.id as _,
        endpoint.id as _,
        id as _,
        clock::now(),
    );
    if canceled.execute(&mut *change).await?.rows_affected() == 0 {
        return Err(Error::invalid("replay", "It has ended; there is nothing to cancel."));
    }
    let endpoint = EndpointSnapshot::new(endpoint.id, &endpoint.url);
    change.record(WebhookReplayCanceled { endpoint }).await?;
    Ok(())
}
