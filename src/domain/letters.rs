//! The letters that a verb owes in its own transaction.
//!
//! They are declared here, with what they must tell, and written by the floor of mail, as what
//! follows from an event is: the arrow points down, the call goes up.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::Actor;
use crate::values::secret::Secret;
use crate::values::{Email, Role};

/// What a letter is about, with all that it must tell.
#[derive(Debug, Clone, Copy)]
pub enum Occasion<'a> {
    /// Somebody was invited.
    Invitation {
        /// Who invited them, to which account.
        inviter: &'a Actor,
        /// Whom.
        email: &'a Email,
        /// As what.
        role: Role,
        /// The token of the link.
        token: &'a Secret,
    },
    /// Somebody wants to choose a new password.
    PasswordLink {
        /// Whose it is.
        email: &'a Email,
        /// The token of the link.
        token: &'a Secret,
    },
}

/// Whoever writes the letters.
pub trait Letters: Send + Sync {
    /// Owes a letter, in the transaction of what it tells of.
    ///
    /// # Errors
    /// A database that fails; then nothing has happened.
    fn owe<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        occasion: Occasion<'a>,
    ) -> BoxFuture<'a, sqlx::Result<()>>;
}

/// No letters: for whoever hands a link over by themselves.
#[derive(Debug, Clone, Copy)]
pub struct NoLetters;

impl Letters for NoLetters {
    fn owe<'a>(
        &'a self,
        _: &'a mut PgConnection,
        _: Occasion<'a>,
    ) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
