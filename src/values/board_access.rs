//! Who sees a board, and whom a board is opened or closed to.

use std::fmt;
use std::str::FromStr;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::Invalid;
use super::id::UserId;

/// Who sees a board.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum BoardAccess {
    /// Everyone in the account.
    #[default]
    Everyone,
    /// The people who were chosen, and nobody else: the board is private.
    Chosen,
}

impl BoardAccess {
    /// Takes an access by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such access.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "everyone" => Ok(Self::Everyone),
            "chosen" => Ok(Self::Chosen),
            _ => Err(Invalid::because("A board is for everyone or for those who are chosen.")),
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => EVERYONE,
            Self::Chosen => "chosen",
        }
    }
}

const EVERYONE: &str = "everyone";

/// Whom a board is opened or closed to; reads as `everyone` or as the id of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Grantee {
    /// Everyone in the account.
    Everyone,
    /// One person.
    User(UserId),
}

impl TryFrom<String> for Grantee {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl FromStr for Grantee {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text == EVERYONE {
            return Ok(Self::Everyone);
        }
        let user = text.parse().map(Self::User);
        user.map_err(|_| Invalid::because("Name a member by their id, or everyone."))
    }
}

impl utoipa::PartialSchema for Grantee {
    fn schema() -> RefOr<Schema> {
        let pattern = format!("^({EVERYONE}|[0-9a-f-]{{36}})$");
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
    }
}

impl utoipa::ToSchema for Grantee {}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str(EVERYONE),
            Self::User(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grantees_read_back_as_they_were_written() {
        for grantee in [Grantee::Everyone, Grantee::User(UserId::new())] {
            assert_eq!(grantee.to_string().parse(), Ok(grantee));
        }
        for text in ["", "Everyone", "chosen", "42"] {
            assert!(text.parse::<Grantee>().is_err(), "{text:?} was taken for somebody");
        }
    }

    #[test]
    fn accesses_read_back_as_they_were_written() {
        for access in [BoardAccess::Everyone, BoardAccess::Chosen] {
            assert_eq!(BoardAccess::parse(access.as_str()), Ok(access));
        }
        assert!(BoardAccess::parse("nobody").is_err());
    }
}
