//! Who asks: a member of an account, by a browser or with a token.

use std::net::IpAddr;

use super::{Account, Error, Result};
use crate::events::{AccountRef, Creator, Source};
use crate::values::id::{IdempotencyKeyId, SignInId, TokenId, UserId};
use crate::values::{Color, Role, Scope, Tracked, Zone};

/// A member who asks for something. The pages, the API, the sockets and the feeds all ask this
/// one type what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account they act in.
    pub account: Account,
    /// Who they are in it.
    pub user_id: UserId,
    /// What they are called.
    pub name: String,
    /// The colour of their pebble.
    pub color: Color,
    /// Their role.
    pub role: Role,
    /// The zone in which their days begin.
    pub zone: Zone,
    /// What they let be recorded of what they open.
    pub tracked: Tracked,
    /// How they showed who they are.
    pub access: Access,
    /// The network address they come from.
    pub address: Option<IpAddr>,
}

/// How somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// They signed in with a browser.
    SignIn(SignInId),
    /// They sent a bearer token.
    Token {
        /// The token.
        id: TokenId,
        /// How far it reaches.
        scope: Scope,
        /// What this one request goes by, if it came with an idempotency key.
        idempotency_key_id: Option<IdempotencyKeyId>,
    },
}

impl Actor {
    /// Who they are in the log.
    pub fn creator(&self) -> Creator {
        let (source, token_id, idempotency_key_id) = match self.access {
            Access::SignIn(_) => (Source::Browser, None, None),
            Access::Token { id, idempotency_key_id, .. } => {
                (Source::Token, Some(id), idempotency_key_id)
            }
        };
        Creator {
            account: AccountRef { id: self.account.id, slug: self.account.slug.clone() },
            user_id: Some(self.user_id),
            source,
            token_id,
            idempotency_key_id,
            address: self.address,
        }
    }

    /// The same member, whose next change is marked as made for a request that is to run once.
    #[must_use]
    pub fn once(mut self, request: IdempotencyKeyId) -> Self {
        if let Access::Token { idempotency_key_id, .. } = &mut self.access {
            *idempotency_key_id = Some(request);
        }
        self
    }

    /// May they change boards, columns, cards, and comment?
    ///
    /// # Errors
    /// [`Error::Forbidden`] with a token that only reads.
    pub fn may_write(&self) -> Result<()> {
        self.reaches(Scope::Write)
    }

    /// May they look after members, endpoints and tokens?
    ///
    /// # Errors
    /// [`Error::Forbidden`] for members, and with a token of a lesser scope.
    pub fn may_administer(&self) -> Result<()> {
        self.reaches(Scope::Admin)?;
        if self.role < Role::Admin {
            return Err(Error::Forbidden("Only admins of this account may do this."));
        }
        Ok(())
    }

    /// Whether admins' pages are shown to them.
    pub fn administers(&self) -> bool {
        self.may_administer().is_ok()
    }

    /// May they give somebody this role?
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless they administer, and are an owner if an owner is to be made.
    pub fn may_appoint(&self, role: Role) -> Result<()> {
        self.may_administer()?;
        if role == Role::Owner && self.role < Role::Owner {
            return Err(Error::Forbidden("Only owners may make somebody an owner."));
        }
        Ok(())
    }

    /// May they give somebody of this role another one, or remove them?
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless they administer, and are an owner if it is an admin or an owner.
    pub fn may_look_after(&self, role: Role) -> Result<()> {
        self.may_administer()?;
        if role > Role::Member && self.role < Role::Owner {
            return Err(Error::Forbidden("Only owners look after admins and owners."));
        }
        Ok(())
    }

    /// How far a token may reach that they make: no further than they do, and for members, whose
    /// role allows no more, as far as writing.
    pub fn scopes(&self) -> Vec<Scope> {
        let role = if self.role < Role::Admin { Scope::Write } else { Scope::Admin };
        let shown = match self.access {
            Access::Token { scope, .. } => scope,
            Access::SignIn(_) => Scope::Admin,
        };
        let all = [Scope::Read, Scope::Write, Scope::Admin];
        all.into_iter().filter(|scope| *scope <= role.min(shown)).collect()
    }

    /// May they change the account itself?
    ///
    /// # Errors
    /// [`Error::Forbidden`] for all but owners, and with a token of a lesser scope.
    pub fn may_own(&self) -> Result<()> {
        self.reaches(Scope::Admin)?;
        if self.role < Role::Owner {
            return Err(Error::Forbidden("Only owners of this account may do this."));
        }
        Ok(())
    }

    fn reaches(&self, needed: Scope) -> Result<()> {
        match self.access {
            Access::Token { scope, .. } if scope < needed => {
                Err(Error::Forbidden("This token’s scope does not reach so far."))
            }
            _ => Ok(()),
        }
    }
}
