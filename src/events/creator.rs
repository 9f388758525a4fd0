//! Who did it, and by which way it came.

use std::net::IpAddr;

use crate::values::Slug;
use crate::values::id::{AccountId, IdempotencyKeyId, TokenId, UserId};

/// The account that something happened in, as events speak of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Account)]
pub struct AccountRef {
    /// Its id.
    pub id: AccountId,
    /// Its name in addresses, which never changes.
    pub slug: Slug,
}

/// By which way a change came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Source {
    /// A person's browser.
    Browser,
    /// The API, with a bearer token.
    Token,
    /// A letter that was answered.
    Mail,
    /// Cairn itself or its command line.
    System,
}

/// Who makes a change, in which account, and from where.
#[derive(Debug, Clone)]
pub struct Creator {
    /// Where it happens.
    pub account: AccountRef,
    /// The member; none when the system did it.
    pub user_id: Option<UserId>,
    /// By which way it came.
    pub source: Source,
    /// The token that was shown, if one was.
    pub token_id: Option<TokenId>,
    /// The request that asks for it, if it came with an idempotency key.
    pub idempotency_key_id: Option<IdempotencyKeyId>,
    /// The network address it came from, kept in an erasable row.
    pub address: Option<IpAddr>,
}

impl Creator {
    /// The system itself, in an account.
    pub fn system(account: AccountRef) -> Self {
        Self {
            account,
            user_id: None,
            source: Source::System,
            token_id: None,
            idempotency_key_id: None,
            address: None,
        }
    }
}
