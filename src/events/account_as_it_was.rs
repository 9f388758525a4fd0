//! What an account’s own events come to: its settings, who is in it, and which programs come in or are told.

use std::collections::BTreeMap;

use crate::values::id::{EndpointId, TokenId, UserId};
use crate::values::{Role, Scope, Zone};

/// What a fold over what happened on no board comes to; each kind says in `settle` what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountAsItWas {
    /// What it was called; none before its first event.
    pub name: Option<String>,
    /// Its zone; none where that was never changed.
    pub zone: Option<Zone>,
    /// Whoever was ever a member.
    pub members: BTreeMap<UserId, MemberAsTheyWere>,
    /// The tokens that were not revoked.
    pub tokens: BTreeMap<TokenId, TokenAsItWas>,
    /// The webhook endpoints that were not removed, with as much of their addresses as may be told.
    pub endpoints: BTreeMap<EndpointId, String>,
}

/// A member as they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberAsTheyWere {
    /// Their role, or the one that they had last.
    pub role: Role,
    /// Whether they were one still.
    pub is_present: bool,
}

/// A token as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenAsItWas {
    /// In whose name it acted.
    pub user_id: UserId,
    /// How far it reached.
    pub scope: Scope,
}
