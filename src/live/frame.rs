//! A fragment for all who follow a stream, written and escaped once.

use std::sync::Arc;

use super::fragments;

/// A fragment as it goes out, whoever follows.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Up to where the log is known by whoever has it.
    pub sequence: i64,
    /// One or more stream elements.
    pub html: Arc<str>,
    /// The same as a JSON string.
    pub fragment: Arc<str>,
    /// Whether one of them asks the page to load itself anew.
    pub is_refresh: bool,
}

impl Frame {
    /// A fragment that tells of the log up to there.
    pub fn new(sequence: i64, html: &str) -> Self {
        let fragment = serde_json::Value::from(html).to_string().into();
        let is_refresh = html.contains(&fragments::refresh());
        Self { sequence, html: html.into(), fragment, is_refresh }
    }

    /// Asks a page to load itself anew, whatever it knows.
    pub fn refresh(sequence: i64) -> Self {
        Self::new(sequence, &fragments::refresh())
    }
}
