//! What is recorded of one person: handed out to them, and erased with what it was counted in.

use futures_util::{Stream, TryStreamExt as _, stream};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, TrackingEventId, UserId};

/// How many reports are read at once.
const PAGE: i64 = 1_000;

/// A report as its person is handed it.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// Its id.
    pub id: TrackingEventId,
    /// What was done.
    pub event_type: String,
    /// What it was done to.
    pub trackable_type: Option<String>,
    /// Its id.
    pub trackable_id: Option<Uuid>,
    /// Where.
    pub url: String,
    /// The network it came from, if that is kept.
    pub address: Option<String>,
    /// When, by the browser's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub occurred_at: OffsetDateTime,
    /// When it was stored.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// All reports of a person, the oldest first, page by page: however many there are, few are held.
pub fn all(pool: PgPool, actor: &Actor) -> impl Stream<Item = Result<Vec<Kept>>> + use<> {
    let (account, user) = (actor.account.id, actor.user_id);
    let pages = stream::try_unfold((pool, Uuid::nil()), move |(pool, after)| async move {
        let page = page(&pool, account, user, after).await?;
        Ok(page.last().map(|last| last.id.uuid()).map(|last| (page, (pool, last))))
    });
    pages.map_err(|error: sqlx::Error| error.into())
}

async fn page(
    pool: &PgPool,
    account: AccountId,
    user: UserId,
    after: Uuid,
) -> sqlx::Result<Vec<Kept>> {
    let page = sqlx::query_as!(
        Kept,
        r#"select id as "id: TrackingEventId", event_type, trackable_type, trackable_id, url, address,
               occurred_at, created_at
           from tracking_events where account_id = $1 and user_id = $2 and id > $3
           order by id limit $4"#,
        account as _,
        user as _,
        after,
        PAGE,
    );
    page.fetch_all(pool).await
}

/// Erases all that is recorded of a person's visits. What was counted of them is taken from where it
/// was put; of days whose reports are gone already the sums stay, and name nobody.
///
/// # Errors
/// A database that fails.
pub async fn erase(pool: &PgPool, actor: &Actor) -> Result<()> {
    actor.may_write()?;
    let mut transaction = pool.begin().await?;
    erase_of(&mut transaction, actor.account.id, actor.user_id).await?;
    transaction.commit().await?;
    Ok(())
}

/// The same in somebody else’s transaction.
pub(super) async fn erase_of(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<()> {
    // While nothing is counted, what is left after all was taken is of days that are gone.
    sqlx::query!("lock table tracking_people in share row exclusive mode")
        .execute(&mut *connection)
        .await?;
    take_back(connection, account, user).await?;
    forget_days(connection, account).await?;
    name_nobody(connection, account, user).await?;
    forget_empty(connection, account).await
}

/// Deletes the reports and the receipts, and takes the reports from what they were counted in.
async fn take_back(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<()> {
    sqlx::query_file!("src/tracking/take_back.sql", account as _, user as _)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the days on which nothing is opened any longer from the months of each thing.
async fn forget_days(connection: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "update tracking_months m set days = counted.days
         from (select date_trunc('month', day)::date as month, trackable_type, trackable_id,
                   bit_or((page_views > 0)::int << (extract(day from day)::int - 1)) as days
               from tracking_things where account_id = $1 group by 1, 2, 3) counted
         where m.account_id = $1 and m.month = counted.month and m.days <> counted.days
           and m.trackable_type = counted.trackable_type and m.trackable_id = counted.trackable_id",
        account as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives what is still counted for a person to the nil id.
async fn name_nobody(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> sqlx::Result<()> {
    sqlx::query_file!("src/tracking/name_nobody.sql", account as _, user as _, Uuid::nil())
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes counts of nothing.
async fn forget_empty(connection: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "with hours as (
             delete from tracking_hours
             where account_id = $1 and page_views = 0 and link_clicks = 0 and form_submits = 0
         ), boards as (
             delete from tracking_boards
             where account_id = $1 and page_views = 0 and link_clicks = 0 and form_submits = 0
         ), months as (
             delete from tracking_months
             where account_id = $1 and page_views = 0 and link_clicks = 0 and form_submits = 0
         )
         delete from tracking_things
         where account_id = $1 and page_views = 0 and link_clicks = 0 and form_submits = 0",
        account as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
