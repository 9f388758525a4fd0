//! Why a value could not be made, in a sentence for the person who typed it.

use std::borrow::Cow;

/// What is wrong with a value, as a sentence that can stand beside a form field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub Cow<'static, str>);

impl Invalid {
    /// Makes the reason from a sentence.
    pub fn because(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self(sentence.into())
    }
}
