//! What a member may do in an account, and what a token may do in a member's name.

use std::fmt;

use super::Invalid;

/// A member's role; a later one may do all that an earlier one may.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Role {
    /// Boards, cards, comments; edits comments of their own.
    Member,
    /// Also members, endpoints, tokens, insights, audit; deletes others' work.
    Admin,
    /// Also the account itself and the roles of admins.
    Owner,
}

impl Role {
    /// Takes a role by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such role.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "member" => Ok(Self::Member),
            "admin" => Ok(Self::Admin),
            "owner" => Ok(Self::Owner),
            _ => Err(Invalid::because("The roles are member, admin and owner.")),
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role as part of a sentence.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Member => "a member",
            Self::Admin => "an admin",
            Self::Owner => "an owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far a bearer token reaches; a later one reaches further.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Scope {
    /// Only reading.
    Read,
    /// Also what a member may do.
    Write,
    /// Whatever the person's role allows.
    Admin,
}

impl Scope {
    /// Takes a scope by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such scope.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            "admin" => Ok(Self::Admin),
            _ => Err(Invalid::because("The scopes are read, write and admin.")),
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
