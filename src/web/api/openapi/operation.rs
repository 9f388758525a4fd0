//! One route of the table as an operation of the document.

use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, HttpMethod, Required, SecurityRequirement, path};

use super::{parameters, responses};
use crate::web::operation::Shape;
use crate::web::route::{Route, Verb, Who};

/// The name of the one way to show who one is.
pub(super) const BEARER: &str = "bearer";

/// The operation that a route is.
pub(super) fn describe(route: &Route) -> path::Operation {
    let operation = &route.operation;
    let described = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .summary(Some(operation.summary))
        .tags(noun(route).map(|noun| [noun]))
        .parameters(Some(parameters::of(route)))
        .request_body(operation.takes.map(|shape| body(shape).build()))
        .responses(responses::of(route));
    let bearer = (route.who != Who::Public).then(|| SecurityRequirement::new(BEARER, [""; 0]));
    described.securities(Some(bearer)).build()
}

fn body(shape: Shape) -> RequestBodyBuilder {
    let content = ContentBuilder::new().schema(Some(shape.reference())).build();
    RequestBodyBuilder::new().required(Some(Required::True)).content("application/json", content)
}

/// What a route is about: the word behind the account in its path.
fn noun(route: &Route) -> Option<&'static str> {
    let (_, rest) = route.path.split_once("{account}/")?;
    rest.split('/').next()
}

/// A method in the words of the document.
pub(super) fn method(verb: Verb) -> HttpMethod {
    match verb {
        Verb::Get => HttpMethod::Get,
        Verb::Post => HttpMethod::Post,
        Verb::Patch => HttpMethod::Patch,
        Verb::Delete => HttpMethod::Delete,
    }
}
