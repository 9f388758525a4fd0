//! Taking oneself off letters without signing in: the token that stands in each of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::values::id::{AccountId, UserId};
use crate::values::secret::KeyRing;

/// What letters are about that come until somebody takes themselves off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// What they have not read.
    Notices,
    /// The head of the account’s log.
    Heads,
}

impl About {
    const ALL: [Self; 2] = [Self::Notices, Self::Heads];

    /// What the keys sign the tokens for.
    fn signed_for(self) -> &'static str {
        match self {
            Self::Notices => "no letters",
            Self::Heads => "no heads",
        }
    }
}

/// The token with which a member is taken off, signed and good for as long as the key is.
pub fn token(keys: &KeyRing, about: About, account: AccountId, user: UserId) -> String {
    let code = keys.sign(about.signed_for(), &signed(account, user));
    URL_SAFE_NO_PAD.encode([user.uuid().as_bytes(), &code[..]].concat())
}

/// The member of an account whom a token takes off, and what; none when we did not make it for this
/// account.
pub fn named_by(keys: &KeyRing, account: AccountId, token: &str) -> Option<(About, UserId)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (user, code) = bytes.split_at_checked(16)?;
    let user = UserId::from(Uuid::from_slice(user).ok()?);
    let signed = signed(account, user);
    let made = |about: &About| keys.verify(about.signed_for(), &signed, code);
    About::ALL.into_iter().find(made).map(|about| (about, user))
}

fn signed(account: AccountId, user: UserId) -> Vec<u8> {
    [account.uuid().into_bytes(), user.uuid().into_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_about_one_member_of_one_account_and_one_sort_of_letter() {
        let keys = KeyRing::new(b"one", None);
        let (account, user) = (AccountId::new(), UserId::new());
        for about in About::ALL {
            let token = token(&keys, about, account, user);
            assert_eq!(named_by(&keys, account, &token), Some((about, user)));
            assert_eq!(named_by(&keys, AccountId::new(), &token), None);
            assert_eq!(named_by(&KeyRing::new(b"two", None), account, &token), None);
            for forged in ["", "AAAA", &token[1..], &token[..token.len() - 4]] {
                assert_eq!(named_by(&keys, account, forged), None, "{forged}");
            }
        }
    }
}
