//! What was just done, as the address has it after a form was taken: the page says it once.

/// The name of what was done, behind the question mark.
#[derive(serde::Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

impl Done {
    /// The words for it, of those that the page has; anybody may have written the address.
    pub(super) fn words(&self, known: &[(&str, &str)]) -> Option<String> {
        let done = self.done.as_deref()?;
        known.iter().find(|(name, _)| *name == done).map(|(_, words)| (*words).to_owned())
    }
}
