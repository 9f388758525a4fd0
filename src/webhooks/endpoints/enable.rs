//! Switching an endpoint on again.

use time::OffsetDateTime;

use super::{Actor, Endpoint, Error, Result, find};
use crate::events::kinds::webhook_endpoint_enabled::WebhookEndpointEnabled;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::EndpointId;
use crate::webhooks::held;

/// What becomes of what was held for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// All of it is sent, the oldest first.
    WithAll,
    /// What was owed from that moment on is sent.
    WithWhatWasOwedSince(OffsetDateTime),
    /// Nothing of it is sent.
    WithNothing,
}

impl Resume {
    fn skips_before(self) -> Option<OffsetDateTime> {
        match self {
            Self::WithAll => None,
            Self::WithWhatWasOwedSince(moment) => Some(moment),
            Self::WithNothing => Some(clock::now()),
        }
    }
}

/// Switches an endpoint on again; what was held for it is sent as far as it is wanted.
///
/// # Errors
/// [`Error::NotFound`] when there is none such, or it is not switched off; [`Error::Forbidden`] for
/// those who are no admins.
pub async fn enable(log: &Log, actor: &Actor, id: EndpointId, resume: Resume) -> Result<()> {
    let Endpoint { url, removed_at: None, .. } = find(log.pool(), actor, id).await? else {
        return Err(Error::NotFound);
    };
    let mut change = log.change(&actor.creator()).await?;
    let ended = sqlx::query!(
        "update webhook_disablements set ended_at = $3, skips_before = $4
         where account_id = $1 and endpoint_id = $2 and ended_at is null",
        actor.account.id as _,
        id as _,
        clock::now(),
        resume.skips_before(),
    );
    if ended.execute(&mut *change).await?.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    change.record(WebhookEndpointEnabled { endpoint: EndpointSnapshot::new(id, &url) }).await?;
    // Not before: whoever records must hold no lock that deliveries need.
    Ok(held::release(log.pool(), actor.account.id, id).await?)
}
