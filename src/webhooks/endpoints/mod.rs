//! Whom to call: what an endpoint is and reading it; each verb of the admins has a file of its own.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::format::Format;
use super::health::{Health, Status};
use super::signature::Scheme;
use super::{Guard, events, headers, pace};
use crate::domain::{Actor, Error, Result};
use crate::events::kinds::webhook_endpoint_disabled::Reason;
use crate::values::id::{AccountId, BoardId, EndpointId};

mod add;
pub(super) mod boards;
mod dry_run;
mod edit;
mod enable;
mod remove;
mod rotate;

pub use add::{NewEndpoint, add};
pub use dry_run::{DryRun, dry_run};
pub use edit::{Edit, edit};
pub use enable::{Resume, enable};
pub use remove::remove;
pub use rotate::{Overlap, Rotated, rotate};

/// What secrets are sealed for.
pub(super) const SEALED_FOR: &str = "webhook secret";

/// What private keys are sealed for.
pub(super) const KEY_SEALED_FOR: &str = "webhook key";

/// For how long the signature is made both ways after it was switched, in hours.
const BOTH_WAYS_HOURS: i64 = 24;

/// An endpoint.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookEndpoint)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where it is called.
    pub url: String,
    /// In which form it is told.
    pub format: Format,
    /// The names of the events it is sent.
    pub events: Vec<String>,
    /// The boards it hears of; none: all.
    pub board_ids: Vec<BoardId>,
    /// Whether it is called now.
    pub active: bool,
    /// How it is.
    pub health: Health,
    /// How `webhook-signature` is made.
    pub signature: Scheme,
    /// Until when it is made the other way too, since it was switched.
    #[serde(with = "time::serde::rfc3339::option")]
    pub other_signature_until: Option<OffsetDateTime>,
    /// The key that checks `v1a` signatures, if there are any.
    pub public_key: Option<String>,
    /// The key before the last rotation, while it signs too.
    pub older_public_key: Option<String>,
    /// The names of the headers of its own; their values are told to nobody.
    pub header_names: Vec<String>,
    /// How many calls a second it takes at most, if that is limited.
    pub rate_limit: Option<i32>,
    /// Until when the secret before the last rotation signs too.
    #[serde(with = "time::serde::rfc3339::option")]
    pub older_secret_until: Option<OffsetDateTime>,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was removed; its log can still be read then.
    #[serde(with = "time::serde::rfc3339::option")]
    pub removed_at: Option<OffsetDateTime>,
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

/// Those of some endpoints that somebody sees: an admin all that there are, others none.
///
/// # Errors
/// A database that fails.
pub async fn seen_of(pool: &PgPool, actor: &Actor, ids: &[EndpointId]) -> Result<Vec<EndpointId>> {
    if !actor.administers() {
        return Ok(Vec::new());
    }
    let seen = sqlx::query_scalar!(
        r#"select id as "id: EndpointId" from webhook_endpoints
           where account_id = $1 and id = any($2)"#,
        actor.account.id as _,
        ids as _,
    );
    Ok(seen.fetch_all(pool).await?)
}

/// One endpoint that was not removed.
///
/// # Errors
/// As [`find`].
pub async fn present(pool: &PgPool, actor: &Actor, id: EndpointId) -> Result<Endpoint> {
    let endpoint = find(pool, actor, id).await?;
    match endpoint.removed_at {
        Some(_) => Err(Error::NotFound),
        None => Ok(endpoint),
    }
}

async fn read(pool: &PgPool, account: AccountId, id: Option<EndpointId>) -> Result<Vec<Endpoint>> {
    let rows = sqlx::query!(
        r#"select e.id as "id: EndpointId", e.url, e.format as "format: Format", e.created_at, e.removed_at,
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id order by name) as "events!",
               array(select board_id from webhook_endpoint_boards b
                     where b.account_id = $1 and b.endpoint_id = e.id order by board_id)
                   as "board_ids!: Vec<BoardId>",
               case when older_until > now() then older_until end as older_secret_until,
               e.signature as "signature: Scheme", e.header_names, e.rate_limit,
               case when other_until > now() then other_until end as other_signature_until,
               case when signature = 'ed25519' or other_until > now() then public_key end
                   as public_key,
               case when older_until > now() and (signature = 'ed25519' or other_until > now())
                   then older_public_key end as older_public_key,
               h.failures, h.failing_since,
               exists(select from webhook_failings f where f.account_id = $1
                     and f.endpoint_id = e.id and f.ended_at is null) as "is_failing!",
               d.created_at as "disabled_at?", d.reason as "disabled_because?: Reason"
           from webhook_endpoints e
           join webhook_health h on h.account_id = $1 and h.endpoint_id = e.id
           left join webhook_disablements d
               on d.account_id = $1 and d.endpoint_id = e.id and d.ended_at is null
           where e.account_id = $1 and (e.id = $2 or $2::uuid is null and e.removed_at is null)
           order by e.id"#,
        account as _,
        id as _,
    )
    .fetch_all(pool)
    .await?;
    let endpoints = rows.into_iter().map(|row| Endpoint {
        id: row.id,
        url: row.url,
        format: row.format,
        events: row.events,
        board_ids: row.board_ids,
        active: row.removed_at.is_none() && row.disabled_at.is_none(),
        health: Health {
            status: match (row.disabled_at, row.is_failing) {
                (Some(_), _) => Status::Disabled,
                (None, true) => Status::Failing,
                (None, false) => Status::Well,
            },
            failures: row.failures,
            failing_since: row.failing_since,
            disabled_at: row.disabled_at,
            disabled_because: row.disabled_because,
        },
        signature: row.signature,
        other_signature_until: row.other_signature_until,
        public_key: row.public_key,
        older_public_key: row.older_public_key,
        header_names: row.header_names,
        rate_limit: row.rate_limit,
        older_secret_until: row.older_secret_until,
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
            format: Format::Cairn,
            events: vec!["card.*".to_owned(), "comment.added".to_owned()],
            board_ids: Vec::new(),
            active: true,
            health: Health::WELL,
            signature: Scheme::Ed25519,
            other_signature_until: None,
            public_key: Some("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_owned()),
            older_public_key: None,
            header_names: vec!["authorization".to_owned()],
            rate_limit: Some(20),
            older_secret_until: None,
            created_at: crate::values::clock::now(),
            removed_at: None,
        }
    }

    /// One that was switched off and whose secret was rotated.
    pub(crate) fn example_off() -> Self {
        let now = crate::values::clock::now();
        let health = Health {
            status: Status::Disabled,
            failures: 14,
            failing_since: Some(now - time::Duration::days(6)),
            disabled_at: Some(now),
            disabled_because: Some(Reason::Failing),
        };
        let later = Some(now + time::Duration::hours(22));
        let example = Self::example();
        Self {
            active: false,
            health,
            older_secret_until: later,
            other_signature_until: later,
            older_public_key: example.public_key.clone(),
            ..example
        }
    }
}
