//! Rotating an endpoint's secret, and its key.

use std::str::FromStr;

use time::Duration;

use super::{Actor, Error, KEY_SEALED_FOR, Result, SEALED_FOR};
use crate::events::kinds::webhook_secret_rotated::WebhookSecretRotated;
use crate::events::{EndpointSnapshot, Log};
use crate::values::id::EndpointId;
use crate::values::secret::{KeyRing, Secret};
use crate::values::{Invalid, clock};
use crate::webhooks::keys::SigningKey;
use crate::webhooks::signature::SigningSecret;

/// How long the older secret signs too after a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    /// Not at all: the older one is no good any more, perhaps since a stranger has it.
    None,
    /// A day.
    #[default]
    Day,
    /// Seven days.
    Week,
}

impl Overlap {
    /// Every choice, the shortest first.
    pub const ALL: [Self; 3] = [Self::None, Self::Day, Self::Week];

    /// The choice of so many hours.
    ///
    /// # Errors
    /// A sentence for any other number.
    pub fn of_hours(hours: i64) -> std::result::Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|overlap| i64::from(overlap.hours()) == hours);
        found.ok_or_else(|| Invalid::because("The overlap is 0, 24 or 168 hours."))
    }

    /// How many hours it lasts.
    pub fn hours(self) -> i32 {
        match self {
            Self::None => 0,
            Self::Day => 24,
            Self::Week => 168,
        }
    }
}

impl FromStr for Overlap {
    type Err = Invalid;

    fn from_str(text: &str) -> std::result::Result<Self, Invalid> {
        // What is no number is no choice either.
        Self::of_hours(text.parse().unwrap_or(-1))
    }
}

/// What an endpoint was given.
#[derive(Debug)]
pub struct Rotated {
    /// The new secret, told this once.
    pub secret: Secret,
    /// The key that checks `v1a` signatures from now on, if the endpoint has any.
    pub public_key: Option<String>,
}

/// Gives an endpoint a new secret, told this once, and a new key if it has one. Those before them
/// sign too until the overlap has passed; what was older still is no good from now on.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Forbidden`] for those who are no admins.
pub async fn rotate(
    log: &Log,
    keys: &KeyRing,
    actor: &Actor,
    id: EndpointId,
    overlap: Overlap,
) -> Result<Rotated> {
    actor.may_administer()?;
    let secret = SigningSecret::new();
    let sealed = keys.seal(SEALED_FOR, secret.shown().reveal().as_bytes());
    let key = SigningKey::new();
    let sealed_key = keys.seal(KEY_SEALED_FOR, key.private().reveal().as_bytes());
    let overlap_hours = overlap.hours();
    let older_until = clock::now() + Duration::hours(overlap_hours.into());
    let mut change = log.change(&actor.creator()).await?;
    let row = sqlx::query!(
        "update webhook_endpoints
         set older_sealed_secret = case when $4 then null else sealed_secret end,
             older_sealed_key = case when $4 then null else sealed_key end,
             older_public_key = case when $4 then null else public_key end,
             older_until = case when $4 then null else $5::timestamptz end, sealed_secret = $3,
             sealed_key = case when sealed_key is not null then $6::bytea end,
             public_key = case when sealed_key is not null then $7::text end
         where account_id = $1 and id = $2 and removed_at is null
         returning url, case when signature = 'ed25519' or other_until > now() then public_key end
             as public_key",
        actor.account.id as _,
        id as _,
        sealed,
        overlap == Overlap::None,
        older_until,
        sealed_key,
        key.public(),
    );
    let row = row.fetch_optional(&mut *change).await?.ok_or(Error::NotFound)?;
    let endpoint = EndpointSnapshot::new(id, &row.url);
    change.record(WebhookSecretRotated { endpoint, overlap_hours }).await?;
    Ok(Rotated { secret: secret.shown().clone(), public_key: row.public_key })
}
