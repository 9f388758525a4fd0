//! Users: the people of an account.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Access, Actor, Error, Page, Result, identities, passwords, sign_ins};
use crate::events::Log;
use crate::events::kinds::member_updated::{Attribute, MemberUpdated};
use crate::events::sentence::People;
use crate::values::id::{AccountId, IdentityId, UserId};
use crate::values::secret::Secret;
use crate::values::{Color, Name, Role, Tracked, Zone, clock};
use passwords::Password;

/// A member, as the others see them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they are called.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The colour of their pebble.
    pub color: Color,
}

pub(super) struct NewUser {
    pub(super) id: UserId,
    pub(super) identity_id: IdentityId,
    pub(super) name: Name,
    pub(super) role: Role,
}

/// The members of an account, by name.
///
/// # Errors
/// A database that fails.
pub async fn all(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Vec<User>> {
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and removed_at is null order by name, id"#,
        actor.account.id as _,
    );
    Ok(users.fetch_all(executor).await?)
}

/// The members who may be shown what they have seen, by name.
///
/// # Errors
/// A database that fails.
pub async fn shown(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Vec<User>> {
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and removed_at is null and tracked = 'shown'
           order by name, id"#,
        actor.account.id as _,
    );
    Ok(users.fetch_all(executor).await?)
}

/// Those of some people who are members, by name.
///
/// # Errors
/// A database that fails.
pub async fn some(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    ids: &[UserId],
) -> Result<Vec<User>> {
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and id = any($2) and removed_at is null
           order by name, id"#,
        account as _,
        ids as _,
    );
    Ok(users.fetch_all(executor).await?)
}

/// Those of some people who are members, or were, by their ids.
///
/// # Errors
/// A database that fails.
pub async fn some_or_former(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    ids: &[UserId],
) -> Result<HashMap<UserId, User>> {
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    );
    Ok(users.fetch_all(executor).await?.into_iter().map(|user| (user.id, user)).collect())
}

/// A page of the members of an account, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<UserId>) -> Result<Vec<User>> {
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and removed_at is null and ($2::uuid is null or id > $2)
           order by id limit $3"#,
        actor.account.id as _,
        page.after as _,
        page.limit,
    );
    Ok(users.fetch_all(pool).await?)
}

/// A member, or somebody who was one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person in the account.
pub async fn find_or_former(
    executor: impl PgExecutor<'_>,
    actor: &Actor,
    id: UserId,
) -> Result<User> {
    let user = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and id = $2"#,
        actor.account.id as _,
        id as _,
    );
    user.fetch_optional(executor).await?.ok_or(Error::NotFound)
}

/// A member.
///
/// # Errors
/// [`Error::NotFound`] when there is none such, or no more.
pub async fn find(pool: &PgPool, actor: &Actor, id: UserId) -> Result<User> {
    let user = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
           from users where account_id = $1 and id = $2 and removed_at is null"#,
        actor.account.id as _,
        id as _,
    );
    user.fetch_optional(pool).await?.ok_or(Error::NotFound)
}

/// What people are called now, in one query.
///
/// # Errors
/// A database that fails.
pub async fn names(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    ids: &[UserId],
) -> sqlx::Result<People> {
    let rows = sqlx::query!(
        r#"select id as "id: UserId", name from users where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    );
    Ok(rows.fetch_all(executor).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Changes somebody's own name and time zone. What stays the same is no event.
///
/// # Errors
/// [`Error::NotFound`] when they were removed meanwhile.
pub async fn update_profile(log: &Log, actor: &Actor, name: &Name, zone: &Zone) -> Result<()> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let before = sqlx::query!(
        r#"select name, time_zone as "zone: Zone" from users
           where account_id = $1 and id = $2 and removed_at is null for no key update"#,
        actor.account.id as _,
        actor.user_id as _,
    )
    .fetch_optional(&mut *change)
    .await?
    .ok_or(Error::NotFound)?;
    let name_changed = (before.name != name.as_str()).then_some(Attribute::Name);
    let zone_changed = (before.zone != *zone).then_some(Attribute::TimeZone);
    let attributes: Vec<Attribute> = [name_changed, zone_changed].into_iter().flatten().collect();
    if attributes.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update users set name = $3, time_zone = $4 where account_id = $1 and id = $2",
        actor.account.id as _,
        actor.user_id as _,
        name.as_str(),
        zone.as_str(),
    )
    .execute(&mut *change)
    .await?;
    change.record(MemberUpdated { user_id: actor.user_id, attributes }).await?;
    Ok(())
}

/// Chooses what is recorded of what somebody opens. It is nobody else's business, so it is no event.
///
/// # Errors
/// A database that fails.
pub async fn choose_tracked(pool: &PgPool, actor: &Actor, tracked: Tracked) -> Result<()> {
    actor.may_write()?;
    sqlx::query!(
        "update users set tracked = $3 where account_id = $1 and id = $2",
        actor.account.id as _,
        actor.user_id as _,
        tracked.as_str(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Changes somebody's own password, and signs them out everywhere else.
///
/// # Errors
/// [`Error::Invalid`] when the present password is wrong.
pub async fn change_password(
    pool: &PgPool,
    actor: &Actor,
    present: &Secret,
    new: &Password,
) -> Result<()> {
    let row = sqlx::query!(
        r#"select i.id as "id: IdentityId", i.password_hash
           from users u join identities i on i.id = u.identity_id
           where u.account_id = $1 and u.id = $2"#,
        actor.account.id as _,
        actor.user_id as _,
    )
    .fetch_one(pool)
    .await?;
    if !passwords::matches(present, row.password_hash).await {
        return Err(Error::invalid("present", "This is not your present password."));
    }
    let hashed = new.hash().await;
    let mut transaction = pool.begin().await?;
    identities::set_password(&mut transaction, row.id, &hashed).await?;
    sign_ins::revoke_all(&mut *transaction, row.id, own_sign_in(actor)).await?;
    transaction.commit().await?;
    Ok(())
}

/// Signs somebody out everywhere, here too.
///
/// # Errors
/// A database that fails.
pub async fn sign_out_everywhere(pool: &PgPool, actor: &Actor) -> Result<()> {
    let identity = sqlx::query_scalar!(
        r#"select identity_id as "id: IdentityId" from users where account_id = $1 and id = $2"#,
        actor.account.id as _,
        actor.user_id as _,
    )
    .fetch_one(pool)
    .await?;
    sign_ins::revoke_all(pool, identity, None).await
}

fn own_sign_in(actor: &Actor) -> Option<crate::values::id::SignInId> {
    match actor.access {
        Access::SignIn(id) => Some(id),
        Access::Token { .. } => None,
    }
}

/// Adds a member, in a colour that the newest ones do not have. Somebody who was removed comes back
/// as who they were, under this id if it is theirs, with the new role.
///
/// # Errors
/// [`Error::Invalid`] when they are a member already.
pub(super) async fn insert(
    connection: &mut PgConnection,
    account: AccountId,
    new: NewUser,
) -> Result<()> {
    let members = sqlx::query_scalar!(
        r#"select count(*) as "count!" from users where account_id = $1"#,
        account as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let color = Color::nth(usize::try_from(members).unwrap_or(0) + 3);
    let inserted = sqlx::query!(
        "insert into users (account_id, id, identity_id, name, role, color, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, identity_id) do update
         set role = excluded.role, removed_at = null
         where users.removed_at is not null and users.id = excluded.id",
        account as _,
        new.id as _,
        new.identity_id as _,
        new.name.as_str(),
        new.role.as_str(),
        color.as_str(),
        clock::now(),
    )
    .execute(connection)
    .await?;
    match inserted.rows_affected() {
        0 => Err(Error::invalid("email", "You are a member of this account already.")),
        _ => Ok(()),
    }
}
