//! The OpenAPI document (3.1) of the API, made from the route table, from the types that the
//! handlers read and write, and from the kinds of events.

mod operation;
mod parameters;
mod responses;
mod webhooks;

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use utoipa::openapi::info::{InfoBuilder, LicenseBuilder};
use utoipa::openapi::path::{PathItem, PathsBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Info, OpenApi, OpenApiBuilder, Paths, RefOr, Schema, Server,
};

use super::etags;
use crate::web::operation::{Gives, Operation, Shape};
use crate::web::problem_document::ProblemDocument;
use crate::web::route::Route;

const ABOUT: &str = "A team board that remembers: boards, columns, cards and comments, and the log \
                     of all that happened. What is refused is answered with a problem document \
                     (RFC 9457). A list is given in pages, and its `Link` header leads to the next.";

/// The document as it is sent.
pub(super) struct Document {
    bytes: Vec<u8>,
    tag: String,
}

impl Document {
    /// The document of some routes.
    pub(super) fn of<'a>(routes: impl Iterator<Item = &'a Route>) -> Self {
        let routes: Vec<&Route> = routes.collect();
        let mut document = serde_json::json!(document(&routes));
        document["webhooks"] = webhooks::calls();
        let bytes = document.to_string().into_bytes();
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..8]));
        Self { bytes, tag }
    }

    /// The document for anybody, who may keep it for an hour.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Response {
        let kept = [(CACHE_CONTROL, "public, max-age=3600")];
        let body = || ([(CONTENT_TYPE, "application/json")], self.bytes.clone()).into_response();
        (kept, etags::tagged(headers, self.tag.clone(), body)).into_response()
    }
}

fn document(routes: &[&Route]) -> OpenApi {
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([Server::new("/")]))
        .paths(paths(routes))
        .components(Some(components(routes)))
        .build()
}

fn info() -> Info {
    let license = LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build();
    InfoBuilder::new()
        .title("Cairn")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build()
}

fn paths(routes: &[&Route]) -> Paths {
    let paths = routes.iter().fold(PathsBuilder::new(), |paths, route| {
        let item = PathItem::new(operation::method(route.verb), operation::describe(route));
        paths.path(route.path, item)
    });
    paths.build()
}

fn components(routes: &[&Route]) -> Components {
    let used = routes.iter().flat_map(|route| schemas(&route.operation));
    let problem = with_parts(Shape::of::<ProblemDocument<'_>>());
    let schemas: BTreeMap<String, RefOr<Schema>> = used.chain(problem).collect();
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .responses_from_iter(responses::problems())
        .security_scheme(operation::BEARER, bearer())
        .build()
}

/// The schemas of what an operation takes and gives, by their names.
pub(super) fn schemas(operation: &Operation) -> Vec<(String, RefOr<Schema>)> {
    let given = match operation.gives {
        Gives::Nothing => None,
        Gives::One(shape) | Gives::New(shape) | Gives::Page(shape) | Gives::Lines(shape) => {
            Some(shape)
        }
    };
    operation.takes.into_iter().chain(given).flat_map(with_parts).collect()
}

/// A shape's schema and those that it refers to.
fn with_parts(shape: Shape) -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![((shape.name)().into_owned(), (shape.schema)())];
    (shape.parts)(&mut schemas);
    schemas
}

fn bearer() -> SecurityScheme {
    let about = "A token of a member. It reads (scope `read`), does what a member may do (`write`), \
                 or all that its member’s role allows (`admin`).";
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about));
    SecurityScheme::Http(http.build())
}
