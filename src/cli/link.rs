//! The address of a page, as the command line knows it.

use crate::config::Config;

/// The address of a page of this server, as the command line knows it.
pub(super) fn link(config: &Config, path: &str) -> String {
    match &config.public_url {
        Some(url) => format!("{}{path}", url.as_str().trim_end_matches('/')),
        None => format!("http://{}{path}", config.bind),
    }
}
