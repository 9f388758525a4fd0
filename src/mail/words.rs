//! What a letter says as it is kept: sealed, since there may be a one-time link in it.

use crate::values::secret::KeyRing;

use super::letter::{Attachment, Letter};

/// What the keys seal it for.
const SEALED_FOR: &str = "letter";

/// The two forms of a letter, the address at which its recipient takes themselves off, and its file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) html: String,
    pub(super) unsubscribe: Option<String>,
    pub(super) attachment: Option<Attachment>,
}

impl Words {
    pub(super) fn of(letter: &Letter) -> Self {
        Self {
            text: letter.body.text(),
            html: letter.body.html(),
            unsubscribe: letter.unsubscribe.clone(),
            attachment: letter.attachment.clone(),
        }
    }

    pub(super) fn seal(&self, keys: &KeyRing) -> Vec<u8> {
        let plain = serde_json::to_vec(self).expect("texts have a form in JSON");
        keys.seal(SEALED_FOR, &plain)
    }

    /// None when no key of the server opens it.
    pub(super) fn open(keys: &KeyRing, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&keys.open(SEALED_FOR, sealed)?).ok()
    }
}
