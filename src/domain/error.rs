//! Why something was not done, in words that know no HTTP.

use crate::values::Invalid;

/// What a verb or a read comes to.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done. Nothing was changed, and nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the person who asks may not know of it.
    #[error("There is nothing here.")]
    NotFound,
    /// They see it, but may not do this to it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// What was sent cannot be taken; one sentence a field.
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldError>),
    /// Somebody else changed it meanwhile; its version now.
    #[error("Somebody changed this while you were editing it.")]
    Conflict {
        /// The version it has now.
        version: i64,
    },
    /// Something broke that the person who asked is not to blame for.
    #[error("Something went wrong on our side.")]
    Unexpected(#[from] sqlx::Error),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// The field's name in forms and in the API.
    pub field: &'static str,
    /// A sentence for the person who filled it in.
    pub message: String,
}

impl Error {
    /// What stands on a board that was put away stays as it is.
    pub const ARCHIVED: Self = Self::Forbidden("This board is archived. Restore it first.");

    /// One field is wrong.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field, message: message.into() }])
    }

    /// Names the field that a value was parsed from.
    pub fn in_field(field: &'static str) -> impl FnOnce(Invalid) -> Self {
        move |invalid| Self::invalid(field, invalid.to_string())
    }

    /// Whether a unique index of this name refused a row.
    pub(super) fn violates(error: &sqlx::Error, constraint: &str) -> bool {
        error.as_database_error().and_then(|error| error.constraint()) == Some(constraint)
    }
}

fn sentences(errors: &[FieldError]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}
