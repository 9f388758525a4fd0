//! Removing an endpoint.

use super::{Actor, Error, Result};
use crate::events::kinds::webhook_endpoint_removed::WebhookEndpointRemoved;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::EndpointId;
use crate::webhooks::held;

/// Removes an endpoint: what is still owed to it ends, and its log stays.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Forbidden`] for those who are no admins.
pub async fn remove(log: &Log, actor: &Actor, id: EndpointId) -> Result<()> {
    actor.may_administer()?;
    let mut change = log.change(&actor.creator()).await?;
    let url = sqlx::query_scalar!(
        "update webhook_endpoints set removed_at = $3
         where account_id = $1 and id = $2 and removed_at is null returning url",
        actor.account.id as _,
        id as _,
        clock::now(),
    );
    let url = url.fetch_optional(&mut *change).await?.ok_or(Error::NotFound)?;
    change.record(WebhookEndpointRemoved { endpoint: EndpointSnapshot::new(id, &url) }).await?;
    // Not before: whoever records must hold no lock that deliveries need.
    held::settle_now(log.pool(), actor.account.id, id).await;
    Ok(())
}
