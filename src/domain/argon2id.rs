//! Argon2id (RFC 9106) in memory that goes back to the system once the hash is made.

use argon2::password_hash::{
    Decimal, Ident, Output, ParamsString, PasswordHash, PasswordHasher, Result, Salt,
};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// What is freed below 32 MiB stays with glibc, once for each thread that ever hashed; what is
/// larger goes back. Of the memory asked for, only what is written to is taken.
const GOES_BACK: usize = 33 << 20;

/// Argon2id with the costs that the crate recommends, 19 MiB and two passes.
#[derive(Debug, Default)]
pub(super) struct Argon2id;

impl PasswordHasher for Argon2id {
    type Params = Params;

    fn hash_password<'a>(
        &self,
        password: &[u8],
        salt: impl Into<Salt<'a>>,
    ) -> Result<PasswordHash<'a>> {
        self.hash_password_customized(password, None, None, Params::default(), salt)
    }

    /// With the costs of a hash that is there, to compare with.
    fn hash_password_customized<'a>(
        &self,
        password: &[u8],
        algorithm: Option<Ident<'a>>,
        version: Option<Decimal>,
        params: Params,
        salt: impl Into<Salt<'a>>,
    ) -> Result<PasswordHash<'a>> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let (salt, mut decoded) = (salt.into(), [0; Salt::MAX_LENGTH]);
        let decoded = salt.decode_b64(&mut decoded)?;
        let written = ParamsString::try_from(&params)?;
        let argon2 = Argon2::new(algorithm, version, params);
        let length = argon2.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let hash = Output::init_with(length, |hash| {
            let memory = memory(argon2.params().block_count());
            Ok(argon2.hash_password_into_with_memory(password, decoded, hash, memory)?)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(salt),
            hash: Some(hash),
        })
    }
}

fn memory(blocks: usize) -> Vec<Block> {
    let mut memory = Vec::with_capacity(blocks.max(GOES_BACK / Block::SIZE));
    memory.resize(blocks, Block::new());
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_argon2id_that_everybody_has() {
        let salt = Salt::from_b64("Y2Fpcm4tbm9ib2R5cw").expect("a salt");
        let ours = Argon2id.hash_password(b"correct horse", salt).expect("a hash");
        let theirs = Argon2::default().hash_password(b"correct horse", salt).expect("a hash");
        assert_eq!(ours.to_string(), theirs.to_string());
    }
}
