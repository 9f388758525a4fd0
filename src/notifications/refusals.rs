//! Who wants letters about what they have not read, and taking oneself off without signing in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::Result;
use crate::values::clock;
use crate::values::id::{AccountId, UserId};
use crate::values::secret::KeyRing;

/// What the keys sign the tokens for.
const SIGNED_FOR: &str = "no letters";

/// Whether somebody wants letters: whoever has not said otherwise does.
///
/// # Errors
/// A database that fails.
pub async fn wants_letters(pool: &PgPool, account: AccountId, user: UserId) -> Result<bool> {
    let refused = sqlx::query_scalar!(
        r#"select exists (select from letter_refusals
               where account_id = $1 and user_id = $2) as "refused!""#,
        account as _,
        user as _,
    );
    Ok(!refused.fetch_one(pool).await?)
}

/// Says whether somebody wants letters from now on. Saying so twice is no error.
///
/// # Errors
/// A database that fails.
pub async fn choose(
    pool: &PgPool,
    account: AccountId,
    user: UserId,
    wants_letters: bool,
) -> Result<()> {
    if wants_letters {
        sqlx::query!(
            "delete from letter_refusals where account_id = $1 and user_id = $2",
            account as _,
            user as _,
        )
        .execute(pool)
        .await?;
    } else {
        sqlx::query!(
            "insert into letter_refusals (account_id, user_id, created_at) values ($1, $2, $3)
             on conflict do nothing",
            account as _,
            user as _,
            clock::now(),
        )
        .execute(pool)
        .await?;
    }
    Ok(())
}

/// The token with which a member is taken off, signed and good for as long as the key is.
pub fn token(keys: &KeyRing, account: AccountId, user: UserId) -> String {
    let code = keys.sign(SIGNED_FOR, &signed(account, user));
    URL_SAFE_NO_PAD.encode([user.uuid().as_bytes(), &code[..]].concat())
}

/// The member of an account whom a token is about; none when we did not make it for this account.
pub fn member_of(keys: &KeyRing, account: AccountId, token: &str) -> Option<UserId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (user, code) = bytes.split_at_checked(16)?;
    let user = UserId::from(Uuid::from_slice(user).ok()?);
    keys.verify(SIGNED_FOR, &signed(account, user), code).then_some(user)
}

fn signed(account: AccountId, user: UserId) -> Vec<u8> {
    [account.uuid().into_bytes(), user.uuid().into_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_about_one_member_of_one_account() {
        let keys = KeyRing::new(b"one", None);
        let (account, user) = (AccountId::new(), UserId::new());
        let token = token(&keys, account, user);
        assert_eq!(member_of(&keys, account, &token), Some(user));
        assert_eq!(member_of(&keys, AccountId::new(), &token), None);
        assert_eq!(member_of(&KeyRing::new(b"two", None), account, &token), None);
        for forged in ["", "AAAA", &token[1..], &token[..token.len() - 4]] {
            assert_eq!(member_of(&keys, account, forged), None, "{forged}");
        }
    }
}
