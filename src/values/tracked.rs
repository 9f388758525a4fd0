//! What somebody lets be recorded of what they open.

use super::Invalid;

/// What is recorded of what a person opens; it is theirs to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Tracked {
    /// What they open is counted, and others may be shown what they have seen.
    #[default]
    Shown,
    /// It is counted, and nobody else is shown what they have seen.
    Hidden,
    /// Nothing is recorded.
    Off,
}

impl Tracked {
    /// Takes a choice by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such choice.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let all = [Self::Shown, Self::Hidden, Self::Off];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::because("The choices are shown, hidden and off."))
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Hidden => "hidden",
            Self::Off => "off",
        }
    }
}
