//! Identities: the people who sign in, whatever accounts they are members of.

use sqlx::{PgConnection, PgPool};

use super::passwords::{self, HashedPassword};
use super::{Account, Result};
use crate::values::id::{AccountId, IdentityId};
use crate::values::secret::Secret;
use crate::values::{Email, Slug, TrackingDays, Zone, clock};

/// Who has this address and this password. An unknown address takes as long as a wrong password.
///
/// # Errors
/// A database that fails.
pub async fn authenticate(
    pool: &PgPool,
    email: &Email,
    password: &Secret,
) -> Result<Option<IdentityId>> {
    let found = sqlx::query!(
        r#"select id as "id: IdentityId", password_hash from identities where email = $1"#,
        email.as_str(),
    )
    .fetch_optional(pool)
    .await?;
    let (id, hash) = found.map_or((None, None), |row| (Some(row.id), row.password_hash));
    Ok(if passwords::matches(password, hash).await { id } else { None })
}

/// Who has this address.
///
/// # Errors
/// A database that fails.
pub async fn by_email(pool: &PgPool, email: &Email) -> Result<Option<IdentityId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: IdentityId" from identities where email = $1"#,
        email.as_str(),
    );
    Ok(id.fetch_optional(pool).await?)
}

/// Sets a password; whoever sees to it that old sign-ins end calls [`super::sign_ins::revoke_all`].
///
/// # Errors
/// A database that fails.
pub async fn set_password(
    connection: &mut PgConnection,
    id: IdentityId,
    hashed: &HashedPassword,
) -> Result<()> {
    let hash = hashed.as_str();
    sqlx::query!("update identities set password_hash = $2 where id = $1", id as _, hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// The accounts that somebody is a member of, by name.
///
/// # Errors
/// A database that fails.
pub async fn accounts(pool: &PgPool, id: IdentityId) -> Result<Vec<Account>> {
    let accounts = sqlx::query_as!(
        Account,
        r#"select a.id as "id: AccountId", a.slug as "slug: Slug", a.name, a.time_zone as "zone: Zone",
               a.shows_receipts, a.keeps_addresses, a.tracking_days as "tracking_days: TrackingDays"
           from users u join accounts a on a.id = u.account_id
           where u.identity_id = $1 and u.removed_at is null order by a.name, a.id"#,
        id as _,
    );
    Ok(accounts.fetch_all(pool).await?)
}

/// The identity with this address, made now if there was none.
pub(super) async fn find_or_create(
    connection: &mut PgConnection,
    email: &Email,
) -> Result<IdentityId> {
    let id = sqlx::query_scalar!(
        r#"insert into identities (id, email, created_at) values ($1, $2, $3)
           on conflict (email) do update set email = excluded.email
           returning id as "id: IdentityId""#,
        IdentityId::new() as _,
        email.as_str(),
        clock::now(),
    );
    Ok(id.fetch_one(connection).await?)
}
