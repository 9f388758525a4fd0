//! The route table: every address that answers, what its parameters name, and who may ask.
//!
//! axum cannot list its routes, so they stand here as data. The router is made from the table, and
//! so are the labels of the metrics, the paths of the OpenAPI document and the test that tries
//! every route with somebody else's account. A noun's routes stand in the noun's own file; a new
//! noun is one line in [`table`].

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, on};

use super::route::{Kind, Names, Route, Verb};
use super::state::App;
use super::{api, assets, csrf, error, health, live, pages};

const FILES: &[Route] =
    &[Route::system("/assets/{name}", &[Names::Asset], |method| on(method, assets::show))];

/// Every route, noun by noun.
pub fn table() -> impl Iterator<Item = &'static Route> {
    let system = [health::ROUTES, FILES, live::ROUTES].into_iter().flatten();
    system.chain(api::table()).chain(pages::table().iter().copied().flatten())
}

/// The router that the table describes.
pub(super) fn router() -> Router<App> {
    // What is unknown below /api must not be taken for a page of an account called so.
    let unknown = Router::new().route("/api/{*rest}", any(error::unknown_path));
    table().fold(unknown, |router, route| router.route(route.path, service(route)))
}

/// A route's handler under its method, with what its kind asks for around it.
fn service(route: &'static Route) -> MethodRouter<App> {
    let handler = (route.handler)(route.verb.filter());
    let limit = DefaultBodyLimit::max(route.limit);
    match (route.kind, route.verb) {
        (Kind::Page, Verb::Post | Verb::Patch | Verb::Delete) => {
            handler.route_layer((limit, from_fn_with_state(route.who, csrf::check)))
        }
        (Kind::Api, _) => api::around(route, handler).route_layer(limit),
        _ => handler.route_layer(limit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::route::Who;
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
