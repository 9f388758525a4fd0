//! What signs for an endpoint at this moment and the headers of its own, unsealed.

use sqlx::PgPool;

use super::headers::Headers;
use super::signature::{Scheme, Signing};
use super::unseal::Sealed;
use crate::domain::Actor;
use crate::domain::{Error, Result};
use crate::values::clock;
use crate::values::id::EndpointId;
use crate::values::secret::KeyRing;

/// What signs for an endpoint that was not removed.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Invalid`] when the server’s key cannot
/// unseal it any more; [`Error::Forbidden`] for those who are no admins.
pub async fn signing(
    pool: &PgPool,
    keys: &KeyRing,
    actor: &Actor,
    endpoint: EndpointId,
) -> Result<Signing> {
    Ok(opened(pool, keys, actor, endpoint).await?.0)
}

/// What signs for it, and the headers of its own.
pub(super) async fn opened(
    pool: &PgPool,
    keys: &KeyRing,
    actor: &Actor,
    endpoint: EndpointId,
) -> Result<(Signing, Headers)> {
    actor.may_administer()?;
    let row = sqlx::query!(
        r#"select sealed_secret, case when older_until > $3 then older_sealed_secret end as older,
               signature as "signature: Scheme", (other_until > $3) is true as "other_too!",
               sealed_key, case when older_until > $3 then older_sealed_key end as older_key,
               sealed_headers
           from webhook_endpoints where account_id = $1 and id = $2 and removed_at is null"#,
        actor.account.id as _,
        endpoint as _,
        clock::now(),
    );
    let row = row.fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    let sealed = Sealed {
        secret: &row.sealed_secret,
        older_secret: row.older.as_deref(),
        signature: row.signature,
        other_too: row.other_too,
        key: row.sealed_key.as_deref(),
        older_key: row.older_key.as_deref(),
        headers: row.sealed_headers.as_deref(),
    };
    sealed.open(keys).ok_or_else(unreadable)
}

fn unreadable() -> Error {
    Error::invalid("secret", "The secret cannot be read with the server’s present key.")
}
