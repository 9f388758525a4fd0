//! What an operation answers, when all goes well and when not.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder, Responses, ResponsesBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::web::ndjson::NDJSON;
use crate::web::operation::{Gives, Shape};
use crate::web::problem_document::{PROBLEM, ProblemDocument};
use crate::web::route::{Route, Verb, Who};

/// Refusals: the status, the name of the answer in the document, and when it is given.
const PROBLEMS: &[(u16, &str, &str)] = &[
    (
        400,
        "BadRequest",
        "The query or the body cannot be read, or a header is not what it should be.",
    ),
    (401, "Unauthorized", "No token was shown, or none that is good."),
    (403, "Forbidden", "The token’s scope or its member’s role does not reach so far."),
    (404, "NotFound", "There is no such thing, or not for this token."),
    (
        409,
        "Conflict",
        "A request with this `Idempotency-Key` is being carried out, or its answer was lost.",
    ),
    (412, "PreconditionFailed", "It has changed since the version that `If-Match` names."),
    (413, "PayloadTooLarge", "The body is larger than what is taken."),
    (415, "UnsupportedMediaType", "The body is not `application/json`."),
    (
        422,
        "UnprocessableEntity",
        "A field cannot be taken, or the `Idempotency-Key` stands for another request.",
    ),
];

/// The refusals that operations refer to, by their names.
pub(super) fn problems() -> impl Iterator<Item = (&'static str, Response)> {
    let refusals = PROBLEMS.iter().map(|(status, name, about)| {
        let response = problem(about);
        let response = match status {
            401 => response.header("WWW-Authenticate", header("The scheme, `Bearer`.")),
            409 => response.header("Retry-After", header("In how many seconds to ask again.")),
            _ => response,
        };
        (*name, response.build())
    });
    refusals
        .chain([(FAULT, problem("Something went wrong that is not the request’s fault.").build())])
}

const FAULT: &str = "Fault";

fn problem(about: &str) -> ResponseBuilder {
    let schema = Shape::of::<ProblemDocument<'_>>().reference();
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(about).content(PROBLEM, content)
}

/// The answers of a route.
pub(super) fn of(route: &Route) -> Responses {
    let (status, success) = success(route);
    let mut responses = ResponsesBuilder::new().response(status, success);
    if route.operation.tagged && route.verb == Verb::Get {
        let known = ResponseBuilder::new().description("It is what you have.");
        responses = responses.response("304", known.header("ETag", header(TAG)));
    }
    let refusals = PROBLEMS.iter().filter(|(status, ..)| may_refuse(route, *status));
    responses
        .responses_from_iter(
            refusals.map(|(status, name, _)| (status.to_string(), Ref::from_response_name(*name))),
        )
        .response("default", Ref::from_response_name(FAULT))
        .build()
}

/// Whether a route may answer with this refusal.
fn may_refuse(route: &Route, status: u16) -> bool {
    let takes = route.operation.takes.is_some();
    match status {
        400 => true,
        401 | 404 => route.who != Who::Public,
        403 => route.who == Who::Admin || route.verb != Verb::Get,
        409 => route.verb == Verb::Post,
        412 => route.verb == Verb::Patch && route.operation.tagged,
        422 => takes || route.verb != Verb::Get,
        _ => takes,
    }
}

const TAG: &str = "What this version of it is known by.";
const LOCATION: &str = "Where it is, if it has an address of its own.";
const LINK: &str = "The address of the next page, with `rel=\"next\"`, if there may be one.";
const REPLAYED: &str = "`true` if this is the answer of an earlier request with this key.";

fn success(route: &Route) -> (&'static str, ResponseBuilder) {
    let (status, about, schema): (_, _, Option<RefOr<Schema>>) = match route.operation.gives {
        Gives::Nothing => ("204", "It is done.", None),
        Gives::One(shape) => ("200", "Here it is.", Some(shape.reference().into())),
        Gives::New(shape) => ("201", "It was made.", Some(shape.reference().into())),
        Gives::Page(shape) => {
            let array = ArrayBuilder::new().items(shape.reference());
            ("200", "A page of the list.", Some(array.into()))
        }
        Gives::Lines(shape) => {
            ("200", "All of the list, a line of JSON each.", Some(shape.reference().into()))
        }
    };
    let media_type = match route.operation.gives {
        Gives::Lines(_) => NDJSON,
        _ => "application/json",
    };
    let response = schema.into_iter().fold(ResponseBuilder::new(), |response, schema| {
        response.content(media_type, ContentBuilder::new().schema(Some(schema)).build())
    });
    let response = headers(route)
        .into_iter()
        .fold(response, |response, (name, about)| response.header(name, header(about)));
    (status, response.description(about))
}

/// The headers of a success.
fn headers(route: &Route) -> Vec<(&'static str, &'static str)> {
    let mut headers = Vec::new();
    if route.operation.tagged {
        headers.push(("ETag", TAG));
    }
    match route.operation.gives {
        Gives::New(_) => headers.push(("Location", LOCATION)),
        Gives::Page(_) => headers.push(("Link", LINK)),
        Gives::One(_) | Gives::Nothing | Gives::Lines(_) => {}
    }
    if route.verb == Verb::Post {
        headers.push(("Idempotency-Replayed", REPLAYED));
    }
    headers
}

fn header(about: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(text).description(Some(about)).build()
}
