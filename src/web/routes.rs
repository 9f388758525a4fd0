//! The route table: every address that answers, what its parameters name, and who may ask.
//!
//! axum cannot list its routes, so they stand here as data. The router is made from the table, and
//! so are the labels of the metrics, the paths of the OpenAPI document and the test that tries
//! every route with somebody else's account. A noun's routes stand in the noun's own file; a new
//! noun is one line in [`table`].

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::state::App;
use super::{api, assets, csrf, health, limits, pages};

/// One way in.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method; a route for `Get` answers HEAD too.
    pub verb: Verb,
    /// The path in axum's notation.
    pub path: &'static str,
    /// What each parameter of the path names, in the order of the path.
    pub names: &'static [Names],
    /// How it is asked and answered.
    pub kind: Kind,
    /// Who may ask.
    pub who: Who,
    /// The largest body in bytes.
    pub limit: usize,
    /// The handler for the method that it is given.
    pub handler: Handler,
}

/// Puts a handler under a method: `|method| on(method, show)`.
pub type Handler = fn(MethodFilter) -> MethodRouter<App>;

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Verb {
    Get,
    Post,
    Patch,
    Delete,
}

/// What a parameter of a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// An account, by its slug.
    Account,
    /// A board, by its id.
    Board,
    /// A column, by its id.
    Column,
    /// A card, by its number in the account.
    Card,
    /// A comment, by its id.
    Comment,
    /// An invitation, by its secret token.
    Invitation,
    /// A one-time link that sets a password, by its secret token.
    PasswordLink,
    /// A webhook endpoint, by its id.
    Endpoint,
    /// A delivery to an endpoint, by its id.
    Delivery,
    /// A bearer token, by its id.
    Token,
    /// A file of the built bundle, by its hashed name.
    Asset,
}

/// How a route is asked and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTML for browsers: a session, and a check against forged forms on every write.
    Page,
    /// JSON for programs: a bearer token.
    Api,
    /// Neither: health, files, sockets.
    System,
}

/// Who may ask. The domain decides again, with the thing in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// A member of the account that the path names.
    Member,
    /// An admin of the account that the path names.
    Admin,
}

impl Route {
    /// A route for browsers.
    pub const fn page(
        verb: Verb,
        path: &'static str,
        names: &'static [Names],
        who: Who,
        handler: Handler,
    ) -> Self {
        Self { verb, path, names, kind: Kind::Page, who, limit: limits::FORM_BYTES, handler }
    }

    /// A route for programs.
    pub const fn api(
        verb: Verb,
        path: &'static str,
        names: &'static [Names],
        who: Who,
        handler: Handler,
    ) -> Self {
        Self { verb, path, names, kind: Kind::Api, who, limit: limits::JSON_BYTES, handler }
    }

    /// A route for machines and files.
    pub const fn system(path: &'static str, names: &'static [Names], handler: Handler) -> Self {
        Self {
            verb: Verb::Get,
            path,
            names,
            kind: Kind::System,
            who: Who::Public,
            limit: 0,
            handler,
        }
    }

    /// The same route with another largest body, in bytes.
    pub const fn limited_to(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Its handler under its method, with what its kind asks for around it.
    fn service(&self) -> MethodRouter<App> {
        let handler = (self.handler)(self.verb.filter());
        let handler = match (self.kind, self.verb) {
            (Kind::Page, Verb::Post | Verb::Patch | Verb::Delete) => {
                handler.route_layer(from_fn_with_state(self.who, csrf::check))
            }
            _ => handler,
        };
        handler.route_layer(DefaultBodyLimit::max(self.limit))
    }
}

impl Verb {
    /// Its name in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

const FILES: &[Route] =
    &[Route::system("/assets/{name}", &[Names::Asset], |method| on(method, assets::show))];

/// Every route, noun by noun.
pub fn table() -> impl Iterator<Item = &'static Route> {
    [health::ROUTES, FILES, api::ROUTES].into_iter().chain(pages::table()).flatten()
}

/// The router that the table describes.
pub(super) fn router() -> Router<App> {
    table().fold(Router::new(), |router, route| router.route(route.path, route.service()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_parameter_says_what_it_names() {
        for route in table() {
            let parameters = route.path.matches('{').count();
            assert_eq!(parameters, route.names.len(), "{} {}", route.verb.as_str(), route.path);
        }
    }

    #[test]
    fn no_route_stands_twice_and_the_router_takes_them_all() {
        let mut seen = HashSet::new();
        for route in table() {
            assert!(seen.insert((route.verb.as_str(), route.path)), "{} stands twice", route.path);
        }
        let _ = router();
    }

    #[test]
    fn whoever_must_be_a_member_is_asked_for_an_account() {
        for route in table().filter(|route| matches!(route.who, Who::Member | Who::Admin)) {
            assert_eq!(route.names.first(), Some(&Names::Account), "{}", route.path);
        }
    }
}
