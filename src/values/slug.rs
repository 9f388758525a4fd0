//! The name of an account in the address of its pages.

use std::fmt;

use super::Invalid;

/// The first path segments that are the program's own, which no account may take.
pub const RESERVED: &[&str] = &[
    "api",
    "assets",
    "cable",
    "docs",
    "favicon-ico",
    "invitations",
    "live",
    "metrics",
    "outbox",
    "password_links",
    "robots-txt",
    "session",
    "setup",
    "up",
];

/// An account's slug: `[a-z0-9-]{2,40}`, none of [`RESERVED`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(pattern = "^[a-z0-9-]{2,40}$", example = "northfold")]
pub struct Slug(String);

impl Slug {
    /// Takes a slug.
    ///
    /// # Errors
    /// [`Invalid`] when it has other characters, another length, or is reserved.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let letters =
            text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !letters || !(2..=40).contains(&text.len()) {
            return Err(Invalid::because(
                "This takes 2 to 40 small letters a to z, digits and hyphens.",
            ));
        }
        if RESERVED.contains(&text) {
            return Err(Invalid::because("This name is Cairn’s own; choose another."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_small_and_plain() {
        assert!(Slug::parse("northfold").is_ok());
        for text in ["", "a", "North", "a b", "é-é", "session", "api", &"a".repeat(41)] {
            assert!(Slug::parse(text).is_err(), "{text:?} was taken for a slug");
        }
    }
}
