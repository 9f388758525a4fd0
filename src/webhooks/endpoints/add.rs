//! Adding an endpoint.

use sqlx::PgConnection;

use super::headers::{Headers, Wanted};
use super::{
    Actor, Endpoint, Error, Guard, KEY_SEALED_FOR, Result, SEALED_FOR, Scheme, boards, events, pace,
};
use crate::events::kinds::webhook_endpoint_added::WebhookEndpointAdded;
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::{AccountId, BoardId, EndpointId};
use crate::values::secret::{KeyRing, Secret};
use crate::webhooks::format::Format;
use crate::webhooks::health::Health;
use crate::webhooks::keys::SigningKey;
use crate::webhooks::signature::SigningSecret;

/// The most endpoints of one account.
const MOST_ENDPOINTS: i64 = 50;

/// What an admin asks for.
#[derive(Debug, Clone, Default)]
pub struct NewEndpoint {
    /// Where to call.
    pub url: String,
    /// In which form it is told.
    pub format: Format,
    /// Names of events, such as `card.moved`, `card.*` or `*`.
    pub events: Vec<String>,
    /// Boards that they see; none: all.
    pub board_ids: Vec<BoardId>,
    /// How `webhook-signature` is made, as it is written; none: with the secret.
    pub signature: Option<String>,
    /// Headers of its own.
    pub headers: Wanted,
    /// How many calls a second it takes at most.
    pub rate_limit: Option<i64>,
}

/// What of an endpoint is stored sealed.
struct Sealed {
    secret: Vec<u8>,
    key: Option<Vec<u8>>,
    headers: Option<Vec<u8>>,
}

/// Adds an endpoint, and gives its secret this once.
///
/// # Errors
/// [`Error::Invalid`] names the field: an address that may not be called, events that do not
/// exist, boards that they do not see, a signature, headers or a limit that there cannot be, or too
/// many endpoints; [`Error::Forbidden`] for those who
/// are no admins.
pub async fn add(
    log: &Log,
    keys: &KeyRing,
    guard: &Guard,
    actor: &Actor,
    new: &NewEndpoint,
) -> Result<(Endpoint, Secret)> {
    actor.may_administer()?;
    let url = guard.vet(&new.url).await.map_err(Error::in_field("url"))?;
    let events = events::parse(&new.events).map_err(Error::in_field("events"))?;
    let signature = new.signature.as_deref().map(str::parse).transpose();
    let signature = signature.map_err(Error::in_field("signature"))?.unwrap_or_default();
    let headers = Headers::parse(&new.headers, &Headers::default());
    let headers = headers.map_err(Error::in_field("headers"))?;
    let rate_limit = new.rate_limit.map(pace::parse).transpose();
    let rate_limit = rate_limit.map_err(Error::in_field("rate_limit"))?;
    let secret = SigningSecret::new();
    let key = (signature == Scheme::Ed25519).then(SigningKey::new);
    let endpoint = Endpoint {
        id: EndpointId::new(),
        url: url.into(),
        format: new.format,
        events,
        board_ids: boards::sorted(&new.board_ids),
        active: true,
        health: Health::WELL,
        signature,
        other_signature_until: None,
        public_key: key.as_ref().map(SigningKey::public),
        older_public_key: None,
        header_names: headers.names(),
        rate_limit,
        older_secret_until: None,
        created_at: clock::now(),
        removed_at: None,
    };
    let sealed = Sealed {
        secret: keys.seal(SEALED_FOR, secret.shown().reveal().as_bytes()),
        key: key.map(|key| keys.seal(KEY_SEALED_FOR, key.private().reveal().as_bytes())),
        headers: headers.seal(keys),
    };
    let mut change = log.change(&actor.creator()).await?;
    make_room(&mut change, actor.account.id).await?;
    boards::must_be_seen(&mut change, actor, &endpoint.board_ids).await?;
    insert(&mut change, actor, &endpoint, &sealed).await?;
    change
        .record(WebhookEndpointAdded {
            endpoint: EndpointSnapshot::new(endpoint.id, &endpoint.url),
            events: endpoint.events.clone(),
            board_ids: endpoint.board_ids.clone(),
        })
        .await?;
    Ok((endpoint, secret.shown().clone()))
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

async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    endpoint: &Endpoint,
    sealed: &Sealed,
) -> Result<()> {
    sqlx::query!(
        "with endpoint as (
             insert into webhook_endpoints (account_id, id, url, sealed_secret, creator_id, created_at,
                 format, signature, sealed_key, public_key, sealed_headers, header_names, rate_limit)
             values ($1, $2, $3, $4, $5, $6, $15, $9, $10, $11, $12, $13, $14)
         ), counter as (
             insert into webhook_counters (account_id, endpoint_id, number) values ($1, $2, 0)
         ), health as (
             insert into webhook_health (account_id, endpoint_id) values ($1, $2)
         ), names as (
             insert into webhook_endpoint_events (account_id, endpoint_id, name)
             select $1, $2, unnest($7::text[])
         )
         insert into webhook_endpoint_boards (account_id, endpoint_id, board_id)
         select $1, $2, unnest($8::uuid[])",
        actor.account.id as _,
        endpoint.id as _,
        endpoint.url,
        sealed.secret,
        actor.user_id as _,
        endpoint.created_at,
        &endpoint.events,
        &endpoint.board_ids as _,
        endpoint.signature as _,
        sealed.key,
        endpoint.public_key,
        sealed.headers,
        &endpoint.header_names,
        endpoint.rate_limit,
        endpoint.format as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
