//! From where something was done, in words.

use maud::{Markup, html};

use crate::domain::audit::Audited;
use crate::domain::feed::{Feed, Gone};
use crate::domain::restorations::Undone;
use crate::domain::{Actor, Origins};
use crate::events::sentence::People;
use crate::events::{Header, Source};
use crate::values::Slug;
use crate::views::paths;

/// What is known now of those that entries name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What people are called.
    pub people: &'a People,
    /// What is there no more.
    pub gone: &'a Gone,
    /// From where things were done.
    pub origins: &'a Origins,
    /// What was undone by what.
    pub undone: &'a Undone,
    /// Whoever looks.
    pub actor: &'a Actor,
}

impl<'a> Known<'a> {
    /// What is known of a history.
    pub fn of(
        feed: &'a Feed,
        (origins, undone): (&'a Origins, &'a Undone),
        actor: &'a Actor,
    ) -> Self {
        Self { people: &feed.people, gone: &feed.gone, origins, undone, actor }
    }

    /// What is known of an audit, which only admins read.
    pub fn audited(audited: &'a Audited, actor: &'a Actor) -> Self {
        let Audited { people, gone, origins, undone, .. } = audited;
        Self { people, gone, origins, undone, actor }
    }
}

/// By which way it came, and for admins the address it came from, which leads to all that came from
/// there.
pub(super) fn origin(slug: &Slug, header: &Header, known: Known<'_>) -> Markup {
    html! {
        (way(header, known.origins))
        @if known.actor.administers() { (address(slug, header, known.origins)) }
    }
}

fn way(header: &Header, origins: &Origins) -> Markup {
    let token = header.token_id.and_then(|id| origins.tokens.get(&id));
    html! {
        @match (header.source, token) {
            (Source::Browser, _) => "in a browser",
            (Source::Token, Some(name)) => { "with the token “" (name) "”" },
            (Source::Token, None) => "with a token",
            (Source::Mail, _) => "by a letter",
            (Source::System, _) => "by Cairn itself",
        }
    }
}

fn address(slug: &Slug, header: &Header, origins: &Origins) -> Markup {
    let address = header.address_id.and_then(|id| origins.addresses.get(&id));
    html! {
        @match address {
            Some(Some(address)) => { " from " a href=(paths::audit_of_address(slug, address)) { (address) } },
            Some(None) => " from an address that was erased",
            None => "",
        }
    }
}
