//! Invitations: a link with which somebody joins an account.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::letters::Occasion;
use super::passwords::Password;
use super::users::{self, NewUser};
use super::{Actor, Error, Letters, Page, Result, identities};
use crate::events::kinds::invitation_revoked::InvitationRevoked;
use crate::events::kinds::member_invited::MemberInvited;
use crate::events::kinds::member_joined::MemberJoined;
use crate::events::{AccountRef, Creator, Log, Source};
use crate::values::id::{AccountId, IdentityId, InvitationId, UserId};
use crate::values::secret::Secret;
use crate::values::{Email, Name, Role, Slug, clock};

/// How long an invitation is good for.
const GOOD_FOR: Duration = Duration::days(14);

/// An invitation that can be accepted.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The account.
    pub account: AccountRef,
    /// What the account is called.
    pub account_name: String,
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: Email,
    /// What they will be.
    pub role: Role,
    /// Who invited them.
    pub inviter: String,
    /// The identity of that address, if it has a password already: then they sign in to accept.
    pub known: Option<IdentityId>,
    /// Who they were in this account, if they were a member before and were removed.
    pub former: Option<UserId>,
}

/// An invitation that waits for an answer.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Invitation)]
pub struct Waiting {
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: Email,
    /// What they will be.
    pub role: Role,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// Invites somebody and owes them a letter; the link's token is given this once.
///
/// # Errors
/// [`Error::Forbidden`] for those who may not give this role; [`Error::Invalid`] when the person
/// is a member already.
pub async fn invite(
    log: &Log,
    actor: &Actor,
    email: &Email,
    role: Role,
    letters: &dyn Letters,
) -> Result<(Waiting, Secret)> {
    actor.may_appoint(role)?;
    let mut change = log.change(&actor.creator()).await?;
    let member = sqlx::query_scalar!(
        r#"select exists (select from users u join identities i on i.id = u.identity_id
               where u.account_id = $1 and i.email = $2 and u.removed_at is null) as "member!""#,
        actor.account.id as _,
        email.as_str(),
    )
    .fetch_one(&mut *change)
    .await?;
    if member {
        return Err(Error::invalid("email", "This person is a member already."));
    }
    let (token, created_at) = (Secret::token(), clock::now());
    let invitation = Waiting {
        id: InvitationId::new(),
        email: email.clone(),
        role,
        created_at,
        expires_at: created_at + GOOD_FOR,
    };
    sqlx::query!(
        "insert into invitations
             (account_id, id, email, role, token_digest, inviter_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        actor.account.id as _,
        invitation.id as _,
        email.as_str(),
        role.as_str(),
        token.digest(),
        actor.user_id as _,
        invitation.created_at,
        invitation.expires_at,
    )
    .execute(&mut *change)
    .await?;
    let occasion = Occasion::Invitation { inviter: actor, email, role, token: &token };
    letters.owe(&mut change, occasion).await?;
    change.record(MemberInvited { invitation_id: invitation.id, role }).await?;
    Ok((invitation, token))
}

/// The invitations that wait for an answer, the newest first.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not administer.
pub async fn waiting(pool: &PgPool, actor: &Actor) -> Result<Vec<Waiting>> {
    actor.may_administer()?;
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select id as "id: InvitationId", email as "email: Email", role as "role: Role", created_at,
               expires_at
           from invitations
           where account_id = $1 and accepted_at is null and revoked_at is null and expires_at > $2 order by id desc"#,
        actor.account.id as _,
        clock::now(),
    );
    Ok(waiting.fetch_all(pool).await?)
}

/// A page of the invitations that wait for an answer, the oldest first.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not administer.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<InvitationId>) -> Result<Vec<Waiting>> {
    actor.may_administer()?;
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select id as "id: InvitationId", email as "email: Email", role as "role: Role", created_at,
               expires_at
           from invitations
           where account_id = $1 and accepted_at is null and revoked_at is null and expires_at > $2
             and ($3::uuid is null or id > $3)
           order by id limit $4"#,
        actor.account.id as _,
        clock::now(),
        page.after as _,
        page.limit,
    );
    Ok(waiting.fetch_all(pool).await?)
}

/// The invitation that a link stands for.
///
/// # Errors
/// [`Error::NotFound`] when it was accepted or revoked, has expired or never was.
pub async fn find(pool: &PgPool, slug: &str, token: &Secret) -> Result<Invitation> {
    let row = sqlx::query!(
        r#"select a.id as "account_id: AccountId", a.slug as "slug: Slug", a.name as account_name,
               n.id as "id: InvitationId", n.email as "email: Email", n.role as "role: Role",
               u.name as inviter, i.id as "known?: IdentityId",
               (select f.id from users f join identities p on p.id = f.identity_id
                where f.account_id = a.id and p.email = n.email and f.removed_at is not null)
                   as "former: UserId"
           from accounts a
           join invitations n on n.account_id = a.id
           join users u on u.account_id = a.id and u.id = n.inviter_id
           left join identities i on i.email = n.email and i.password_hash is not null
           where a.slug = $1 and n.token_digest = $2 and n.accepted_at is null
             and n.revoked_at is null and n.expires_at > $3"#,
        slug,
        token.digest(),
        clock::now(),
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Invitation {
        account: AccountRef { id: row.account_id, slug: row.slug },
        account_name: row.account_name,
        id: row.id,
        email: row.email,
        role: row.role,
        inviter: row.inviter,
        known: row.known,
        former: row.former,
    })
}

/// Takes back an invitation that waits for an answer.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not administer; [`Error::NotFound`] when there is none
/// such that waits: it was accepted or revoked, has expired or never was.
pub async fn revoke(log: &Log, actor: &Actor, id: InvitationId) -> Result<()> {
    actor.may_administer()?;
    let mut change = log.change(&actor.creator()).await?;
    let role = sqlx::query_scalar!(
        r#"update invitations set revoked_at = $3
           where account_id = $1 and id = $2 and accepted_at is null and revoked_at is null
             and expires_at > $3
           returning role as "role: Role""#,
        actor.account.id as _,
        id as _,
        clock::now(),
    );
    let role = role.fetch_optional(&mut *change).await?.ok_or(Error::NotFound)?;
    change.record(InvitationRevoked { invitation_id: id, role }).await?;
    Ok(())
}

/// Accepts an invitation; somebody who has no password yet sets one.
///
/// # Errors
/// [`Error::NotFound`] when it was accepted or revoked meanwhile; [`Error::Invalid`] when a
/// password is missing, or they are a member already.
pub async fn accept(
    log: &Log,
    invitation: &Invitation,
    name: Name,
    password: Option<&Password>,
) -> Result<IdentityId> {
    if invitation.known.is_none() && password.is_none() {
        return Err(Error::invalid("password", "Choose a password."));
    }
    let hashed = match password.filter(|_| invitation.known.is_none()) {
        Some(password) => Some(password.hash().await),
        None => None,
    };
    let user_id = invitation.former.unwrap_or_else(UserId::new);
    let mut change = log.change(&joiner(invitation, user_id)).await?;
    use_up(&mut change, invitation, user_id).await?;
    let identity_id = identities::find_or_create(&mut change, &invitation.email).await?;
    if let Some(hashed) = hashed {
        identities::set_password(&mut change, identity_id, &hashed).await?;
    }
    let new = NewUser { id: user_id, identity_id, name, role: invitation.role };
    users::insert(&mut change, invitation.account.id, new).await?;
    change.record(MemberJoined { user_id, role: invitation.role }).await?;
    Ok(identity_id)
}

fn joiner(invitation: &Invitation, user_id: UserId) -> Creator {
    Creator {
        account: invitation.account.clone(),
        user_id: Some(user_id),
        source: Source::Browser,
        token_id: None,
        idempotency_key_id: None,
        address: None,
    }
}

async fn use_up(
    connection: &mut sqlx::PgConnection,
    invitation: &Invitation,
    user_id: UserId,
) -> Result<()> {
    sqlx::query!(
        "update invitations set accepted_at = $3, user_id = $4
         where account_id = $1 and id = $2 and accepted_at is null and revoked_at is null
         returning id",
        invitation.account.id as _,
        invitation.id as _,
        clock::now(),
        user_id as _,
    )
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(())
}
