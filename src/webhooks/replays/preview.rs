//! How much a replay would send.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Wanted;
use super::wanted::kinds;
use crate::domain::{Actor, Result};
use crate::events::history::{self, Activity};
use crate::events::{Kind, Log};
use crate::values::id::{AccountId, EndpointId, EventId};
use crate::webhooks::endpoints::{self, Endpoint};

/// So many events are counted; more are not told from it.
pub const MOST_COUNTED: i64 = 100_000;

/// What a replay would send.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookReplayPreview)]
pub struct Preview {
    /// How many events; 100,000 stands for more too.
    pub total: i64,
    /// The sequence after which they lie.
    #[serde(skip)]
    pub(super) after: i64,
    /// The sequence up to which they lie: what happens from now on is sent by itself.
    #[serde(skip)]
    pub(super) up_to: i64,
}

/// Counts what a replay would send.
///
/// # Errors
/// [`Error::Invalid`](crate::domain::Error::Invalid) names the field: a span that ends before it
/// starts or is to come, unknown events, boards that they do not see;
/// [`Error::NotFound`](crate::domain::Error::NotFound) when there is no such endpoint;
/// [`Error::Forbidden`](crate::domain::Error::Forbidden) for those who are no admins.
pub async fn preview(
    log: &Log,
    actor: &Actor,
    endpoint: EndpointId,
    wanted: &Wanted,
) -> Result<Preview> {
    let endpoint = endpoints::present(log.pool(), actor, endpoint).await?;
    let mut connection = log.pool().acquire().await?;
    let wanted = wanted.checked(&mut connection, actor, &endpoint).await?;
    count(log, &mut connection, actor.account.id, &endpoint, &wanted).await
}

/// Counts what was checked already.
pub(super) async fn count(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    endpoint: &Endpoint,
    wanted: &Wanted,
) -> Result<Preview> {
    let up_to = history::head(&mut *connection, account).await?;
    let since = wanted.since.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let until = wanted.until.unwrap_or(time::macros::datetime!(9999-01-01 0:00 UTC));
    let (after, before) = history::around(connection, account, since, until).await?;
    let (after, up_to) = (after, up_to.min(before - 1));
    let counted = sqlx::query!(
        r#"select count(*) as "total!",
               coalesce(array_agg(id) filter (where subject_type = any($10)), '{}')
                   as "of_endpoints!: Vec<EventId>"
           from (select id, subject_type from webhook_replayable($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 order by sequence limit $11) counted"#,
        account as _,
        endpoint.id as _,
        &kinds(&endpoint.events, &wanted.events) as _,
        &wanted.board_ids as _,
        wanted.which as _,
        wanted.since,
        wanted.until,
        after,
        up_to,
        &of_endpoints() as _,
        MOST_COUNTED,
    );
    let counted = counted.fetch_one(&mut *connection).await?;
    let of_itself = history::find_on(log, connection, account, &counted.of_endpoints).await?;
    let is_own = |activity: &&Activity| activity.event.place().endpoint == Some(endpoint.id);
    let own = i64::try_from(of_itself.iter().filter(is_own).count()).unwrap_or(i64::MAX);
    Ok(Preview { total: counted.total - own, after, up_to })
}

/// The kinds that happen to an endpoint: of itself none is told.
fn of_endpoints() -> Vec<&'static str> {
    let is_one = |kind: &&Kind| (kind.example)().place().endpoint.is_some();
    crate::events::KINDS.iter().copied().filter(is_one).map(|kind| kind.name).collect()
}
