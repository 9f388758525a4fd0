//! The addresses that pages link to.

use url::form_urlencoded;

use super::dom;
use crate::values::id::{BoardId, CommentId, EndpointId, FindableId};
use crate::values::{ReturnPath, Slug};

/// The sign-in page, which leads on to a page; without one, or to `/` itself, it is plain.
pub fn session(return_to: Option<&ReturnPath>) -> String {
    match return_to.map(ReturnPath::as_str) {
        None | Some("/") => "/session".to_owned(),
        Some(path) => {
            let path: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
            format!("/session?return_to={path}")
        }
    }
}

/// An invitation, by the token of its link.
pub fn invitation(slug: &Slug, token: &str) -> String {
    format!("/{slug}/invitations/{token}")
}

/// The boards of an account, its front page.
pub fn account(slug: &Slug) -> String {
    format!("/{slug}")
}

/// A page of an account by the rest of its path, such as `activity`.
pub fn within(slug: &Slug, rest: &str) -> String {
    format!("/{slug}/{rest}")
}

/// A board.
pub fn board(slug: &Slug, id: BoardId) -> String {
    format!("/{slug}/boards/{id}")
}

/// A card.
pub fn card(slug: &Slug, number: i64) -> String {
    format!("/{slug}/cards/{number}")
}

/// What is found by a query; with an id, what comes after that.
pub fn search(slug: &Slug, query: &str, after: Option<FindableId>) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("q", query);
    if let Some(after) = after {
        pairs.append_pair("after", &after.to_string());
    }
    format!("/{slug}/search?{}", pairs.finish())
}

/// A comment, on its card's page.
pub fn comment(slug: &Slug, card: i64, id: CommentId) -> String {
    format!("{}#{}", self::card(slug, card), dom::comment(id))
}

/// An endpoint with its deliveries.
pub fn endpoint(slug: &Slug, id: EndpointId) -> String {
    format!("/{slug}/webhooks/{id}")
}
