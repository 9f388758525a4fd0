//! The erasable rows of network addresses that this process knows, so that not every change asks for one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::PgPool;

use super::texts::Texts;
use crate::values::id::{AccountId, AddressId};

/// How many rows a process remembers.
const REMEMBERED: usize = 10_000;

/// The rows that are remembered.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    rows: HashMap<(AccountId, IpAddr), AddressId>,
    /// How often some were forgotten: what was asked for before is not to be remembered after.
    forgotten: u64,
}

impl Addresses {
    /// The row of an address in an account, made when it is first seen.
    ///
    /// If it is erased before the change that asks for it is committed, the event of that change has
    /// lost its address, and nothing worse: the row keeps the digest, and the chain holds.
    pub(super) async fn row(
        &self,
        pool: &PgPool,
        account: AccountId,
        address: IpAddr,
    ) -> sqlx::Result<AddressId> {
        let key = (account, address);
        let forgotten = {
            let remembered = self.remembered();
            if let Some(id) = remembered.rows.get(&key) {
                return Ok(*id);
            }
            remembered.forgotten
        };
        let id = find_or_make(pool, account, address).await?;
        let mut remembered = self.remembered();
        if remembered.rows.len() >= REMEMBERED {
            remembered.rows.clear();
        }
        if remembered.forgotten == forgotten {
            remembered.rows.insert(key, id);
        }
        Ok(id)
    }

    /// Forgets the rows of an account, or all: some of them were erased.
    pub(super) fn forget(&self, account: Option<AccountId>) {
        let mut remembered = self.remembered();
        remembered.forgotten += 1;
        remembered.rows.retain(|(of, _), _| account.is_some_and(|account| *of != account));
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn find_or_make(
    pool: &PgPool,
    account: AccountId,
    address: IpAddr,
) -> sqlx::Result<AddressId> {
    let text = address.to_string();
    let texts = Texts::over(&[&text]);
    sqlx::query_scalar!(
        r#"insert into addresses (account_id, id, address, salt, digest)
           values ($1, $2, $3, $4, $5)
           on conflict (account_id, address) do update set address = excluded.address
           returning id as "id: AddressId""#,
        account as _,
        AddressId::new() as _,
        text,
        texts.salt,
        texts.digest,
    )
    .fetch_one(pool)
    .await
}
