//! Whom to call: endpoints are added, read and removed by admins.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::signature::SigningSecret;
use super::{Guard, events};
use crate::domain::{Actor, Error, Result};
use crate::events::carried_out;
use crate::values::clock;
use crate::values::id::{AccountId, BoardId, EndpointId};
use crate::values::secret::{KeyRing, Secret};

/// The most endpoints of one account.
const MOST_ENDPOINTS: i64 = 50;

/// What secrets are sealed for.
pub(super) const SEALED_FOR: &str = "webhook secret";

/// An endpoint.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookEndpoint)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where it is called.
    pub url: String,
    /// The names of the events it is sent.
    pub events: Vec<String>,
    /// The boards it hears of; none: all.
    pub board_ids: Vec<BoardId>,
    /// Whether it is called now.
    pub active: bool,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was removed; its log can still be read then.
    #[serde(with = "time::serde::rfc3339::option")]
    pub removed_at: Option<OffsetDateTime>,
}

/// What an admin asks for.
#[derive(Debug, Clone, Default)]
pub struct NewEndpoint {
    /// Where to call.
    pub url: String,
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    pub events: Vec<String>,
    /// Boards of the account; none: all.
    pub board_ids: Vec<BoardId>,
}

/// The endpoints of an account, the oldest first, without those that were removed.
///
/// # Errors
/// [`Error::Forbidden`] for those who are no admins.
pub async fn all(pool: &PgPool, actor: &Actor) -> Result<Vec<Endpoint>> {
    actor.may_administer()?;
    read(pool, actor.account.id, None).await
}

/// One endpoint, which may have been removed.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Forbidden`] for those who are no admins.
pub async fn find(pool: &PgPool, actor: &Actor, id: EndpointId) -> Result<Endpoint> {
    actor.may_administer()?;
    read(pool, actor.account.id, Some(id)).await?.pop().ok_or(Error::NotFound)
}

/// Adds an endpoint, and gives its secret this once.
///
/// # Errors
/// [`Error::Invalid`] names the field: an address that may not be called, events that do not
/// exist, boards of others, or too many endpoints; [`Error::Forbidden`] for those who are no admins.
pub async fn add(
    pool: &PgPool,
    keys: &KeyRing,
    guard: &Guard,
    actor: &Actor,
    new: &NewEndpoint,
) -> Result<(Endpoint, Secret)> {
    actor.may_administer()?;
    let url = guard.vet(&new.url).await.map_err(Error::in_field("url"))?;
    let events = events::parse(&new.events).map_err(Error::in_field("events"))?;
    let mut board_ids = new.board_ids.clone();
    board_ids.sort_unstable();
    board_ids.dedup();
    let secret = SigningSecret::new();
    let endpoint = Endpoint {
        id: EndpointId::new(),
        url: url.into(),
        events,
        board_ids,
        active: true,
        created_at: clock::now(),
        removed_at: None,
    };
    let sealed = keys.seal(SEALED_FOR, secret.shown().reveal().as_bytes());
    let mut transaction = pool.begin().await?;
    make_room(&mut transaction, actor.account.id).await?;
    own_boards(&mut transaction, actor, &endpoint.board_ids).await?;
    insert(&mut transaction, actor, &endpoint, &sealed).await?;
    carried_out::mark(&mut transaction, &actor.creator()).await?;
    transaction.commit().await?;
    Ok((endpoint, secret.shown().clone()))
}

/// Removes an endpoint: what is still owed to it ends, and its log stays.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Forbidden`] for those who are no admins.
pub async fn remove(pool: &PgPool, actor: &Actor, id: EndpointId) -> Result<()> {
    actor.may_administer()?;
    let mut transaction = pool.begin().await?;
    let removed = sqlx::query!(
        "update webhook_endpoints set removed_at = $3
         where account_id = $1 and id = $2 and removed_at is null",
        actor.account.id as _,
        id as _,
        clock::now(),
    );
    if removed.execute(&mut *transaction).await?.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    sqlx::query!(
        "update webhook_deliveries
         set status = 'failed', lease_id = null, error_message = 'The endpoint was removed.'
         where account_id = $1 and endpoint_id = $2 and status in ('pending', 'held')",
        actor.account.id as _,
        id as _,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Waits for others who add an endpoint to this account, and counts.
async fn make_room(connection: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('webhook endpoints ' || $1::uuid, 0))",
        account as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from webhook_endpoints
           where account_id = $1 and removed_at is null"#,
        account as _,
    )
    .fetch_one(connection)
    .await?;
    if count >= MOST_ENDPOINTS {
        return Err(Error::invalid(
            "url",
            "An account has at most 50 endpoints; remove one first.",
        ));
    }
    Ok(())
}

/// Only boards that the admin sees can be named.
async fn own_boards(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[BoardId],
) -> Result<()> {
    let found = sqlx::query_scalar!(
        r#"select count(*) as "count!" from board_viewers
           where account_id = $1 and user_id = $2 and board_id = any($3)"#,
        actor.account.id as _,
        actor.user_id as _,
        boards as _,
    )
    .fetch_one(connection)
    .await?;
    if usize::try_from(found) != Ok(boards.len()) {
        return Err(Error::invalid("board_ids", "One of these boards does not exist."));
    }
    Ok(())
}

async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    endpoint: &Endpoint,
    sealed_secret: &[u8],
) -> Result<()> {
    sqlx::query!(
        "with endpoint as (
             insert into webhook_endpoints (account_id, id, url, sealed_secret, creator_id, created_at)
             values ($1, $2, $3, $4, $5, $6)
         ), counter as (
             insert into webhook_counters (account_id, endpoint_id, number) values ($1, $2, 0)
         ), names as (
             insert into webhook_endpoint_events (account_id, endpoint_id, name)
             select $1, $2, unnest($7::text[])
         )
         insert into webhook_endpoint_boards (account_id, endpoint_id, board_id)
         select $1, $2, unnest($8::uuid[])",
        actor.account.id as _,
        endpoint.id as _,
        endpoint.url,
        sealed_secret,
        actor.user_id as _,
        endpoint.created_at,
        &endpoint.events,
        &endpoint.board_ids as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn read(pool: &PgPool, account: AccountId, id: Option<EndpointId>) -> Result<Vec<Endpoint>> {
    let rows = sqlx::query!(
        r#"select id as "id: EndpointId", url, created_at, removed_at,
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id order by name) as "events!",
               array(select board_id from webhook_endpoint_boards b
                     where b.account_id = $1 and b.endpoint_id = e.id order by board_id)
                   as "boards!: Vec<Uuid>",
               removed_at is null and not exists(select from webhook_disablements d
                     where d.account_id = $1 and d.endpoint_id = e.id and d.ended_at is null)
                   as "active!"
           from webhook_endpoints e
           where account_id = $1 and (id = $2 or $2::uuid is null and removed_at is null)
           order by id"#,
        account as _,
        id as _,
    )
    .fetch_all(pool)
    .await?;
    let endpoints = rows.into_iter().map(|row| Endpoint {
        id: row.id,
        url: row.url,
        events: row.events,
        board_ids: row.boards.into_iter().map(BoardId::from).collect(),
        active: row.active,
        created_at: row.created_at,
        removed_at: row.removed_at,
    });
    Ok(endpoints.collect())
}

#[cfg(test)]
impl Endpoint {
    /// An endpoint that hears of some events of all boards.
    pub(crate) fn example() -> Self {
        Self {
            id: EndpointId::new(),
            url: "https://hooks.kiln-press.example/cairn".to_owned(),
            events: vec!["card.*".to_owned(), "comment.added".to_owned()],
            board_ids: Vec::new(),
            active: true,
            created_at: clock::now(),
            removed_at: None,
        }
    }
}
