//! Erasing what is kept of somebody who was a member.

use sqlx::{PgConnection, PgPool};

use super::users::User;
use super::{Actor, Error, Result, idempotency_keys};
use crate::events::kinds::member_erased::MemberErased;
use crate::events::snapshot::ERASED;
use crate::events::{Log, erasure};
use crate::values::id::{AccountId, IdentityId, UserId};
use crate::values::{Color, Role, clock};

/// What somebody is called whose name was erased.
const NAME: &str = "Former member";

/// Those who were members and whose data is kept still, by name.
///
/// # Errors
/// [`Error::Forbidden`] for those who are no owners; a database that fails.
pub async fn possible(pool: &PgPool, actor: &Actor) -> Result<Vec<User>> {
    actor.may_own()?;
    let users = sqlx::query_as!(
        User,
        r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color" from users
           where account_id = $1 and removed_at is not null and erased_at is null order by name, id"#,
        actor.account.id as _,
    );
    Ok(users.fetch_all(pool).await?)
}

/// Erases the data of somebody who was a member: their name, their address unless they are in another
/// account, their comments, what they wrote in the history of cards, what is kept of deliveries and of answers that
/// told of it, and their visits. What they did stays in the log, with the time; titles and descriptions that
/// stand on cards now are the team’s, and stay. It cannot be taken back.
///
/// # Errors
/// [`Error::Forbidden`] for those who are no owners; [`Error::Invalid`] while they are a member;
/// [`Error::NotFound`] when there is no such person, or they were erased already.
pub async fn erase(log: &Log, actor: &Actor, id: UserId) -> Result<()> {
    actor.may_own()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let identity = lock(&mut change, account, id).await?;
    let events = erasure::erase(&mut change, account, id).await?;
    erase_comments(&mut change, account, id).await?;
    erase_person(&mut change, account, id).await?;
    part(&mut change, account, id, identity).await?;
    idempotency_keys::forget_answers(&mut change, account).await?;
    change.record(MemberErased { user_id: id, events }).await?;
    Ok(())
}

/// Locks the person, and gives their identity.
async fn lock(connection: &mut PgConnection, account: AccountId, id: UserId) -> Result<IdentityId> {
    let person = sqlx::query!(
        r#"select identity_id as "identity_id: IdentityId", removed_at from users
           where account_id = $1 and id = $2 and erased_at is null for no key update"#,
        account as _,
        id as _,
    );
    let person = person.fetch_optional(connection).await?.ok_or(Error::NotFound)?;
    if person.removed_at.is_none() {
        let words = "They are a member still. Remove them first, then their data can be erased.";
        return Err(Error::invalid("member", words));
    }
    Ok(person.identity_id)
}

async fn erase_comments(
    connection: &mut PgConnection,
    account: AccountId,
    id: UserId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with erased as (
             update comments set body = $3, version = version + 1
             where account_id = $1 and author_id = $2 returning id
         )
         update search_entries set words = '', title_words = ''
         where account_id = $1 and comment_id in (select id from erased)",
        account as _,
        id as _,
        ERASED,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Erases the person’s name, and the names that they gave their tokens.
async fn erase_person(
    connection: &mut PgConnection,
    account: AccountId,
    id: UserId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with tokens as (
             update tokens set name = $3 where account_id = $1 and user_id = $2
         )
         update users set name = $4, time_zone = 'UTC', erased_at = $5
         where account_id = $1 and id = $2",
        account as _,
        id as _,
        ERASED,
        NAME,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Parts the person from their identity, so that whoever comes back is somebody new; it goes when it is
/// in no other account, and with it where they signed in. What was sent to its address from here goes.
async fn part(
    connection: &mut PgConnection,
    account: AccountId,
    id: UserId,
    identity: IdentityId,
) -> sqlx::Result<()> {
    let nobody = IdentityId::new();
    sqlx::query!(
        "insert into identities (id, email, created_at) values ($1, $2, $3)",
        nobody as _,
        format!("{nobody}@erased.invalid"),
        clock::now(),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "with person as (
             update users set identity_id = $3 where account_id = $1 and id = $2
         ), known as (
             select email from identities where id = $4
         ), invited as (
             update invitations set email = $5
             where account_id = $1 and (user_id = $2 or email in (select email from known))
         ), heads as (
             delete from head_letters where account_id = $1 and user_id = $2
         )
         delete from letters where account_id = $1
           and (recipient_id = $2 or email in (select email from known))",
        account as _,
        id as _,
        nobody as _,
        identity as _,
        format!("{nobody}@erased.invalid"),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from identities
         where id = $1 and not exists (select from users where identity_id = $1)",
        identity as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
