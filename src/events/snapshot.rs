//! The names of things as they were when something happened.
//!
//! They are kept in the event, so that history reads true after a rename or a delete. Of people
//! only ids are kept: their names are looked up when read, so that a person can be erased.

use url::{Position, Url};

use crate::values::Color;
use crate::values::id::{BoardId, CardId, ColumnId, CommentId, EndpointId, TagId};

/// A card as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardSnapshot {
    /// Its id.
    pub id: CardId,
    /// Its number in the account.
    pub number: i64,
    /// Its title then.
    pub title: String,
}

/// A column as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColumnSnapshot {
    /// Its id.
    pub id: ColumnId,
    /// Its name then.
    pub name: String,
    /// Its colour then.
    pub color: Color,
}

/// A board as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardSnapshot {
    /// Its id.
    pub id: BoardId,
    /// Its name then.
    pub name: String,
}

/// A comment as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CommentSnapshot {
    /// Its id.
    pub id: CommentId,
    /// What it said.
    pub body: String,
}

/// A tag as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TagSnapshot {
    /// Its id.
    pub id: TagId,
    /// Its name then.
    pub name: String,
    /// Its colour then.
    pub color: Color,
}

/// A webhook endpoint as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct EndpointSnapshot {
    /// Its id.
    pub id: EndpointId,
    /// Where it was called: scheme, host and path. What else an address holds may be a secret.
    pub url: String,
}

impl EndpointSnapshot {
    /// The endpoint with as much of its address as may be told.
    pub fn new(id: EndpointId, url: &str) -> Self {
        Self { id, url: told(url) }
    }

    pub(super) fn example() -> Self {
        let id = EndpointId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007"));
        Self::new(id, "https://hooks.kiln-press.example/cairn")
    }
}

/// Scheme, host, port and path of an address; an ellipsis stands for what was asked behind them.
fn told(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    // An address that cannot have a name or a password has none.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let rest = if url.query().is_some() || url.fragment().is_some() { "?…" } else { "" };
    format!("{}{rest}", &url[..Position::AfterPath])
}

/// What stands in the place of a text that was erased.
pub const ERASED: &str = "(erased)";

/// A text that was kept, or the words that stand in its place after it was erased.
pub fn kept(text: Option<String>) -> String {
    text.unwrap_or_else(|| ERASED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_nothing_secret_is_kept() {
        assert_eq!(told("https://example.com/in"), "https://example.com/in");
        assert_eq!(
            told("https://o:pw@example.com:8443/in?key=1#x"),
            "https://example.com:8443/in?…"
        );
        assert_eq!(told("none"), "");
    }
}
