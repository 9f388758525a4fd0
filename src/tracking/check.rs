//! Whether what a report names is there for the person who reports.

use serde_json::Value;
use sqlx::PgPool;

use super::item::{Item, TrackableType};
use super::{Refused, Report};
use crate::domain::{Actor, Result, boards, cards, comments};
use crate::values::clock;

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
        TrackableType::Board => Ok(boards::by_id(pool, account, id.into()).await?.is_some()),
        TrackableType::Card => Ok(cards::by_id(pool, account, id.into()).await?.is_some()),
        TrackableType::Comment => Ok(comments::by_id(pool, account, id.into()).await?.is_some()),
        // Endpoints are seen by admins alone; their ids mean nothing outside their account.
        TrackableType::WebhookEndpoint => Ok(actor.administers()),
    }
}
