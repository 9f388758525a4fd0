//! What a member who asked for something is allowed now, for what takes longer than a moment.

use sqlx::PgExecutor;

use super::{Access, Actor, Error, Result, sign_ins};
use crate::values::Role;

impl Actor {
    /// The same member, with the role that they have now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they are no member any more, were signed out, or their token was
    /// revoked.
    pub async fn now(&self, executor: impl PgExecutor<'_>) -> Result<Self> {
        let (sign_in, token) = match self.access {
            Access::SignIn(id) => (Some(id), None),
            Access::Token { id, .. } => (None, Some(id)),
        };
        let role = sqlx::query_scalar!(
            r#"select role as "role: Role" from users u
               where account_id = $1 and id = $2 and removed_at is null
                 and (exists (select from sign_ins s
                              where s.id = $3 and s.identity_id = u.identity_id
                                and s.revoked_at is null and s.last_seen_at > $5)
                      or exists (select from tokens t
                                 where t.account_id = $1 and t.id = $4 and t.user_id = u.id
                                   and t.revoked_at is null))"#,
            self.account.id as _,
            self.user_id as _,
            sign_in as _,
            token as _,
            sign_ins::good_since(),
        );
        let role = role.fetch_optional(executor).await?;
        let role =
            role.ok_or(Error::Forbidden("You are not signed in to this account any more."))?;
        Ok(Self { role, ..self.clone() })
    }
}
