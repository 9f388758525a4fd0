//! The secrets that sign for an endpoint at this moment, unsealed.

use sqlx::PgPool;

use super::endpoints::SEALED_FOR;
use super::signature::{Signing, SigningSecret};
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
    actor.may_administer()?;
    let row = sqlx::query!(
        "select sealed_secret, case when older_until > $3 then older_sealed_secret end as older
         from webhook_endpoints where account_id = $1 and id = $2 and removed_at is null",
        actor.account.id as _,
        endpoint as _,
        clock::now(),
    );
    let row = row.fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    let newer = open(keys, &row.sealed_secret).ok_or_else(unreadable)?;
    let older = row.older.as_deref().and_then(|sealed| open(keys, sealed));
    Ok(Signing { newer, older })
}

fn open(keys: &KeyRing, sealed: &[u8]) -> Option<SigningSecret> {
    let plain = keys.open(SEALED_FOR, sealed)?;
    SigningSecret::parse(std::str::from_utf8(&plain).ok()?).ok()
}

fn unreadable() -> Error {
    Error::invalid("secret", "The secret cannot be read with the server’s present key.")
}
