//! Whether what a report names is there for the person who reports.

use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::item::{Item, TrackableType};
use super::{Refused, Report};
use crate::domain::{Actor, Result, boards, cards, comments};
use crate::values::clock;
use crate::values::id::AccountId;

/// Sorts items into the reports that can be stored and those that are refused, each with its place.
///
/// # Errors
/// A database that fails.
pub async fn check(
    pool: &PgPool,
    actor: &Actor,
    items: Vec<Value>,
) -> Result<(Vec<Report>, Vec<Refused>)> {
    let (mut reports, mut refused) = (Vec::new(), Vec::new());
    let now = clock::now();
    for (index, item) in items.into_iter().enumerate() {
        match Item::read(item, index, now) {
            Ok(report) if is_visible(pool, actor, &report).await? => reports.push(report),
            Ok(report) => refused.push(Refused {
                index,
                id: Some(report.id.to_string()),
                reason: "trackable_id names nothing that you can see.".to_owned(),
            }),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok((reports, refused))
}

async fn is_visible(pool: &PgPool, actor: &Actor, report: &Report) -> Result<bool> {
    let Some(trackable) = report.trackable else { return Ok(true) };
    let (account, id) = (actor.account.id, trackable.id);
    match trackable.kind {
        TrackableType::Board => boards::is_seen(pool, actor, id.into()).await,
        TrackableType::Card => cards::is_seen(pool, actor, id.into()).await,
        TrackableType::Comment => comments::is_seen(pool, actor, id.into()).await,
        TrackableType::WebhookEndpoint => {
            Ok(actor.administers() && is_endpoint(pool, account, id).await?)
        }
    }
}

/// Asked of the table itself: what reports name and what is called know nothing of each other.
async fn is_endpoint(pool: &PgPool, account: AccountId, id: Uuid) -> Result<bool> {
    let is_there = sqlx::query_scalar!(
        r#"select exists (select from webhook_endpoints where account_id = $1 and id = $2)
               as "is_there!""#,
        account as _,
        id,
    );
    Ok(is_there.fetch_one(pool).await?)
}
