//! The built files that pages name: script, style and favicon, embedded in the binary.

/// A file that was built with the program; its name changes with its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its name under `/assets`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// Every one.
    pub const ALL: &'static [Asset] = &[SCRIPT, STYLE, FAVICON];

    /// The one with this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|asset| asset.name == name)
    }

    /// The path at which it is served.
    pub fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }
}
