//! Passwords: what may be one, and how they are hashed and compared (argon2id, RFC 9106).

use argon2::password_hash::{
    PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString, rand_core::OsRng,
};
use tokio::sync::Semaphore;

use super::argon2id::Argon2id;
use crate::values::Invalid;
use crate::values::secret::Secret;

/// Hashing takes 19 MiB and a core for some 30 ms; no more than two at once.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Something that may be a password: 10 to 256 characters.
#[derive(Debug, Clone)]
pub struct Password(Secret);

/// The hash of a password, as a PHC string with a salt of its own. It is made before a transaction
/// begins: with others waiting their turn it may take a while.
#[derive(Debug, Clone)]
pub struct HashedPassword(String);

impl Password {
    /// Takes what somebody chose.
    ///
    /// # Errors
    /// [`Invalid`] when it is too short or too long, or has a NUL in it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.chars().count() {
            0..10 => Err(Invalid::because("A password has at least 10 characters.")),
            257.. => Err(Invalid::because("A password has at most 256 characters.")),
            _ if text.contains('\0') => Err(Invalid::because("This character can’t be used.")),
            _ => Ok(Self(Secret::new(text))),
        }
    }

    /// Its hash.
    pub async fn hash(&self) -> HashedPassword {
        let text = self.0.clone();
        off_the_runtime(move || {
            let salt = SaltString::generate(&mut OsRng);
            let hash = Argon2id.hash_password(text.reveal().as_bytes(), &salt);
            HashedPassword(hash.expect("argon2 takes passwords of these lengths").to_string())
        })
        .await
    }
}

impl HashedPassword {
    /// What is stored.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is the password with this hash. None stands for a person who has no password
/// or does not exist: the comparison is made all the same and takes as long.
pub async fn matches(text: &Secret, hash: Option<String>) -> bool {
    let text = text.clone();
    off_the_runtime(move || {
        let verified = verify(&text, hash.as_deref().unwrap_or(NOBODYS));
        verified && hash.is_some()
    })
    .await
}

/// The one comparison, counted: a sign-in that makes none, or two, would tell something by its time.
fn verify(text: &Secret, hash: &str) -> bool {
    metrics::counter!("cairn_password_checks_total").increment(1);
    let text = text.reveal().as_bytes();
    PasswordHash::new(hash).is_ok_and(|hash| Argon2id.verify_password(text, &hash).is_ok())
}

/// A hash with the costs of [`Argon2id`] that no known password has.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$Y2Fpcm4tbm9ib2R5cw$\
                       MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _permit = HASHING.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let HashedPassword(hash) =
            Password::parse("correct horse").expect("a password").hash().await;
        assert!(matches(&Secret::new("correct horse"), Some(hash.clone())).await);
        assert!(!matches(&Secret::new("wrong horse"), Some(hash)).await);
        assert!(!matches(&Secret::new("correct horse"), None).await);
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_a_real_one() {
        let hash = PasswordHash::new(NOBODYS).expect("a hash");
        let costs = argon2::Params::try_from(&hash).expect("costs");
        assert_eq!(costs.m_cost(), argon2::Params::DEFAULT_M_COST);
        assert_eq!(costs.t_cost(), argon2::Params::DEFAULT_T_COST);
        assert_eq!(hash.algorithm, argon2::ARGON2ID_IDENT);
    }
}
