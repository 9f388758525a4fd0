//! Accounts, the tenants.

use std::sync::Arc;

use sqlx::{PgConnection, PgPool};

use super::passwords::Password;
use super::users::{self, NewUser};
use super::{Account, Actor, Error, Result, identities};
use crate::events::kinds::account_created::AccountCreated;
use crate::events::kinds::account_renamed::AccountRenamed;
use crate::events::kinds::account_time_zone_changed::AccountTimeZoneChanged;
use crate::events::kinds::account_tracking_changed::{
    AccountTrackingChanged, Addresses, Receipts, Recorded,
};
use crate::events::kinds::member_joined::MemberJoined;
use crate::events::{AccountRef, Change, Creator, Event, Log, Source};
use crate::values::id::{AccountId, IdentityId, UserId};
use crate::values::{Email, Name, Role, Slug, TrackingDays, Zone, clock};

/// What a new account starts with.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its name in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: Name,
    /// The address of its first owner.
    pub owner_email: Email,
    /// What that owner is called.
    pub owner_name: Name,
}

/// A new account with its first owner.
#[derive(Debug, Clone)]
pub struct Founded {
    /// The account.
    pub account: Account,
    /// The person who signs in.
    pub identity_id: IdentityId,
    /// That person as its owner.
    pub user_id: UserId,
}

/// What an owner changes about an account; what is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What it is called.
    pub name: Option<Name>,
    /// The zone whose days its figures are counted in.
    pub zone: Option<Zone>,
    /// Whether it is shown who has seen a board or a card.
    pub shows_receipts: Option<bool>,
    /// Whether reports of browsers keep a shortened network address.
    pub keeps_addresses: Option<bool>,
    /// How long reports of browsers are kept.
    pub tracking_days: Option<TrackingDays>,
}

/// Whether there is an account at all.
///
/// # Errors
/// A database that fails.
pub async fn any(pool: &PgPool) -> Result<bool> {
    let any = sqlx::query_scalar!(r#"select exists (select from accounts) as "any!""#);
    Ok(any.fetch_one(pool).await?)
}

/// Every account, by the name that it has in addresses.
///
/// # Errors
/// A database that fails.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<(AccountId, Slug)>> {
    let rows = sqlx::query!(
        r#"select id as "id: AccountId", slug as "slug: Slug" from accounts order by slug"#
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (row.id, row.slug)).collect())
}

/// The account of this slug.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn id(pool: &PgPool, slug: &Slug) -> Result<AccountId> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: AccountId" from accounts where slug = $1"#,
        slug.as_str(),
    );
    id.fetch_optional(pool).await?.ok_or(Error::NotFound)
}

/// Founds an account with its first owner, who may have an identity already.
///
/// # Errors
/// [`Error::Invalid`] when the slug is taken.
pub async fn create(log: &Log, new: NewAccount) -> Result<Founded> {
    let founding = Founding::of(&new);
    let change = log.change(&founding.creator()).await?;
    founding.complete(change, new).await
}

/// Founds the first account there is, and gives its owner a password. Of several who try at once,
/// one does.
///
/// # Errors
/// [`Error::NotFound`] when there is an account already: there is no first one to be made.
pub async fn create_first(log: &Log, new: NewAccount, password: &Password) -> Result<Founded> {
    let (founding, hashed) = (Founding::of(&new), password.hash().await);
    let mut change = log.change(&founding.creator()).await?;
    ensure_none(&mut change).await?;
    let owner = identities::find_or_create(&mut change, &new.owner_email).await?;
    identities::set_password(&mut change, owner, &hashed).await?;
    founding.complete(change, new).await
}

/// Keeps every other founding out until the end of the transaction, and sees that none came first.
async fn ensure_none(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("lock table accounts in share row exclusive mode")
        .execute(&mut *connection)
        .await?;
    let any = sqlx::query_scalar!(r#"select exists (select from accounts) as "any!""#);
    if any.fetch_one(connection).await? { Err(Error::NotFound) } else { Ok(()) }
}

/// An account that is being founded.
struct Founding {
    account: Account,
    owner: UserId,
}

impl Founding {
    fn of(new: &NewAccount) -> Self {
        let account = Account {
            id: AccountId::new(),
            slug: new.slug.clone(),
            name: new.name.as_str().to_owned(),
            zone: Zone::utc(),
            shows_receipts: false,
            keeps_addresses: false,
            tracking_days: TrackingDays::default(),
        };
        Self { account, owner: UserId::new() }
    }

    /// Its owner, who does not exist yet, founds it.
    fn creator(&self) -> Creator {
        Creator {
            account: AccountRef { id: self.account.id, slug: self.account.slug.clone() },
            user_id: Some(self.owner),
            source: Source::System,
            token_id: None,
            idempotency_key_id: None,
            address: None,
        }
    }

    async fn complete(self, mut change: Change, new: NewAccount) -> Result<Founded> {
        let Self { account, owner: user_id } = self;
        insert(&mut change, &account).await?;
        let identity_id = identities::find_or_create(&mut change, &new.owner_email).await?;
        let owner = NewUser { id: user_id, identity_id, name: new.owner_name, role: Role::Owner };
        users::insert(&mut change, account.id, owner).await?;
        change
            .record_all(vec![
                Arc::new(AccountCreated { name: account.name.clone() }),
                Arc::new(MemberJoined { user_id, role: Role::Owner }),
            ])
            .await?;
        Ok(Founded { account, identity_id, user_id })
    }
}

async fn insert(connection: &mut PgConnection, account: &Account) -> Result<()> {
    sqlx::query!(
        "insert into accounts (id, slug, name, time_zone, created_at) values ($1, $2, $3, $4, $5)",
        account.id as _,
        account.slug.as_str(),
        account.name,
        account.zone.as_str(),
        clock::now(),
    )
    .execute(&mut *connection)
    .await
    .map_err(taken)?;
    sqlx::query!(
        "with head as (insert into account_heads (account_id, sequence) values ($1, 0))
         insert into card_numbers (account_id, last_number) values ($1, 0)",
        account.id as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Changes the settings of an account. What stays the same is no event; of two changes the first
/// is the cause of the other.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners.
pub async fn update(log: &Log, actor: &Actor, settings: Settings) -> Result<Account> {
    actor.may_own()?;
    let mut change = log.change(&actor.creator()).await?;
    let before = locked(&mut change, actor.account.id).await?;
    let after = Account {
        name: settings.name.map_or_else(|| before.name.clone(), Name::into_string),
        zone: settings.zone.unwrap_or_else(|| before.zone.clone()),
        shows_receipts: settings.shows_receipts.unwrap_or(before.shows_receipts),
        keeps_addresses: settings.keeps_addresses.unwrap_or(before.keeps_addresses),
        tracking_days: settings.tracking_days.unwrap_or(before.tracking_days),
        ..before.clone()
    };
    let events = differences(&before, &after);
    if events.is_empty() {
        return Ok(before);
    }
    sqlx::query!(
        "update accounts set name = $2, time_zone = $3, shows_receipts = $4, keeps_addresses = $5,
             tracking_days = $6
         where id = $1",
        after.id as _,
        after.name,
        after.zone.as_str(),
        after.shows_receipts,
        after.keeps_addresses,
        after.tracking_days as _,
    )
    .execute(&mut *change)
    .await?;
    change.record_all(events).await?;
    Ok(after)
}

/// The account as it is, which nobody else changes until the end of the transaction.
async fn locked(connection: &mut PgConnection, id: AccountId) -> Result<Account> {
    let account = sqlx::query_as!(
        Account,
        r#"select id as "id: AccountId", slug as "slug: Slug", name, time_zone as "zone: Zone",
               shows_receipts, keeps_addresses, tracking_days as "tracking_days: TrackingDays"
           from accounts where id = $1 for no key update"#,
        id as _,
    );
    Ok(account.fetch_one(connection).await?)
}

fn differences(before: &Account, after: &Account) -> Vec<Arc<dyn Event>> {
    let mut events: Vec<Arc<dyn Event>> = Vec::new();
    if before.name != after.name {
        let (old_name, new_name) = (before.name.clone(), after.name.clone());
        events.push(Arc::new(AccountRenamed { old_name, new_name }));
    }
    if before.zone != after.zone {
        let (old_zone, new_zone) = (before.zone.clone(), after.zone.clone());
        events.push(Arc::new(AccountTimeZoneChanged { old_zone, new_zone }));
    }
    let (old, new) = (Recorded::of(before), Recorded::of(after));
    if old != new {
        events.push(Arc::new(AccountTrackingChanged { old, new }));
    }
    events
}

impl Recorded {
    fn of(account: &Account) -> Self {
        Self {
            receipts: if account.shows_receipts { Receipts::Shown } else { Receipts::Hidden },
            addresses: match account.keeps_addresses {
                true => Addresses::Shortened,
                false => Addresses::Dropped,
            },
            days: account.tracking_days,
        }
    }
}

fn taken(error: sqlx::Error) -> Error {
    if Error::violates(&error, "accounts_slug_key") {
        return Error::invalid("slug", "This name is taken; choose another.");
    }
    error.into()
}
