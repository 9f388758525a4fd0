//! The addresses that pages link to.

use std::fmt;

use url::form_urlencoded;

use super::dom;
use crate::values::id::{
    BoardId, ColumnId, CommentId, EndpointId, EventId, FindableId, InvitationId, SignInId, TokenId,
    UserId,
};
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

/// An invitation that waits for an answer, for those who look after it.
pub fn waiting_invitation(slug: &Slug, id: InvitationId) -> String {
    format!("/{slug}/invitations/{id}")
}

/// A member.
pub fn member(slug: &Slug, id: UserId) -> String {
    format!("/{slug}/members/{id}")
}

/// A bearer token.
pub fn token(slug: &Slug, id: TokenId) -> String {
    format!("/{slug}/tokens/{id}")
}

/// Where somebody is signed in.
pub fn sign_in(slug: &Slug, id: SignInId) -> String {
    format!("/{slug}/profile/sign_ins/{id}")
}

/// The boards of an account, its front page.
pub fn account(slug: &Slug) -> String {
    format!("/{slug}")
}

/// A page of an account by the rest of its path, such as `activity`.
pub fn within(slug: &Slug, rest: &str) -> String {
    format!("/{slug}/{rest}")
}

/// A board, by its own address, as it was at a number of the log, or at another point of the past.
pub fn at(board: &str, point: impl fmt::Display) -> String {
    format!("{board}?at={point}")
}

/// A board.
pub fn board(slug: &Slug, id: BoardId) -> String {
    format!("/{slug}/boards/{id}")
}

/// A column of a board.
pub fn column(slug: &Slug, board: BoardId, id: ColumnId) -> String {
    format!("/{slug}/boards/{board}/columns/{id}")
}

/// A card.
pub fn card(slug: &Slug, number: i64) -> String {
    format!("/{slug}/cards/{number}")
}

/// What a member did.
pub fn person(slug: &Slug, id: UserId) -> String {
    format!("/{slug}/members/{id}/activity")
}

/// The closed cards of a board.
pub fn closed_cards(slug: &Slug, id: BoardId) -> String {
    format!("/{slug}/boards/{id}/closed_cards")
}

/// A comment on a card.
pub fn comment(slug: &Slug, number: i64, id: CommentId) -> String {
    format!("/{slug}/cards/{number}/comments/{id}")
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
pub fn comment_on_page(slug: &Slug, card: i64, id: CommentId) -> String {
    format!("{}#{}", self::card(slug, card), dom::comment(id))
}

/// An endpoint with its deliveries.
pub fn endpoint(slug: &Slug, id: EndpointId) -> String {
    format!("/{slug}/webhooks/{id}")
}

/// An entry of the log, by its event.
pub fn activity(slug: &Slug, id: EventId) -> String {
    format!("/{slug}/activities/{id}")
}

/// Undoing what happened.
pub fn restoration(slug: &Slug, id: EventId) -> String {
    format!("/{slug}/activities/{id}/restoration")
}

/// All that was done from a network address.
pub fn audit_of_address(slug: &Slug, address: &str) -> String {
    let address: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("/{slug}/audit?address={address}")
}

/// What was owed of an event to all endpoints.
pub fn deliveries_of(slug: &Slug, id: EventId) -> String {
    format!("/{slug}/activities/{id}/deliveries")
}
