//! From where things were done: the names of tokens, and for admins the addresses.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::domain::{Actor, Result};
use crate::events::Header;
use crate::values::id::{AccountId, AddressId, TokenId};

/// What is known of the tokens and addresses of some entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    /// What tokens are for, those that were revoked too.
    pub tokens: HashMap<TokenId, String>,
    /// Addresses; none in the place of one that was erased. Only admins are given any.
    pub addresses: HashMap<AddressId, Option<String>>,
}

impl Origins {
    /// What some headers speak of, as far as somebody may know it: a query for the tokens, and one
    /// for the addresses.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn of(
        connection: &mut PgConnection,
        actor: &Actor,
        headers: impl Iterator<Item = &Header> + Clone,
    ) -> Result<Self> {
        let account = actor.account.id;
        let mut tokens: Vec<_> = headers.clone().filter_map(|header| header.token_id).collect();
        tokens.sort_unstable();
        tokens.dedup();
        let mut addresses: Vec<_> = headers.filter_map(|header| header.address_id).collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses.retain(|_| actor.administers());
        Ok(Self {
            tokens: names(&mut *connection, account, &tokens).await?,
            addresses: places(connection, account, &addresses).await?,
        })
    }
}

async fn names(
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[TokenId],
) -> Result<HashMap<TokenId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"select id as "id: TokenId", name from tokens where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn places(
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[AddressId],
) -> Result<HashMap<AddressId, Option<String>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"select id as "id: AddressId", address from addresses
           where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(|row| (row.id, row.address)).collect())
}
