//! What files say of an entry in plain words.

use crate::domain::Origins;
use crate::domain::audit::Entry;
use crate::events::sentence::People;
use crate::events::snapshot::ERASED;
use crate::events::{Header, Source};

/// What is said of an entry of which whoever asks is told only that there is one.
pub(super) const HIDDEN: &str = "Something on a board that you don’t see";

/// What happened, in a sentence.
pub(super) fn description(entry: &Entry, people: &People) -> String {
    match &entry.activity {
        Some(activity) => activity.sentence.plain_text(entry.header.creator_id, people),
        None => HIDDEN.to_owned(),
    }
}

/// By which way it came: the name of a token, if it was one.
pub(super) fn from(header: &Header, origins: &Origins) -> String {
    let token = header.token_id.and_then(|id| origins.tokens.get(&id));
    match (header.source, token) {
        (Source::Token, Some(name)) => name.clone(),
        (Source::Token, None) => "token".to_owned(),
        (Source::Browser, _) => "browser".to_owned(),
        (Source::Mail, _) => "mail".to_owned(),
        (Source::System, _) => "system".to_owned(),
    }
}

/// The network address it came from, or that it was erased.
pub(super) fn address(header: &Header, origins: &Origins) -> Option<String> {
    let address = origins.addresses.get(&header.address_id?)?;
    Some(address.clone().unwrap_or_else(|| ERASED.to_owned()))
}
