//! What a session holds.

use crate::values::id::SignInId;

/// All that a session holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    /// What every form of this session shows.
    pub csrf: String,
    /// The sign-in; none before it, and then the row only serves the sign-in form.
    pub sign_in: Option<SignInId>,
}
