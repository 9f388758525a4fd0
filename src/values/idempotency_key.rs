//! The key by which a request that is sent again is known for the same one.

use super::Invalid;

/// What a program names one of its requests: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, utoipa::ToSchema)]
#[schema(pattern = "^[!-~]{1,255}$")]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes a key.
    ///
    /// # Errors
    /// [`Invalid`] when it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !(1..=255).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Invalid::because(
                "An idempotency key has 1 to 255 visible ASCII characters.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_not_long() {
        assert!(IdempotencyKey::parse("8e03978e-40d5-43e8-bc93-6894a57f9324").is_ok());
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
        for text in ["", " ", "a key", "a\tkey", "schlüssel", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(text).is_err(), "{text:?} was taken for a key");
        }
    }
}
