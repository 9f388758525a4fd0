//! The parameters of an operation: those of its path, of its query, and its headers.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{RefOr, Required};

use crate::values::id::{
    BoardId, ColumnId, CommentId, DeliveryId, EndpointId, EventId, InvitationId, ReplayId,
    SignInId, TagId, TokenId, UserId,
};
use crate::values::{Grantee, IdempotencyKey, Slug};
use crate::web::operation::{self, Shape};
use crate::web::route::{Names, Route, Verb};

/// The parameters of a route, path first.
pub(super) fn of(route: &Route) -> Vec<Parameter> {
    let query = route.operation.query.iter().map(of_query);
    of_path(route).chain(query).chain(of_headers(route)).collect()
}

fn of_path(route: &Route) -> impl Iterator<Item = Parameter> {
    let braced = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    braced.zip(route.names).map(|(name, names)| {
        let (about, shape) = named(*names);
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(about))
            .schema(Some((shape.schema)()))
            .build()
    })
}

/// What a parameter of a path names, and its shape.
fn named(names: Names) -> (&'static str, Shape) {
    match names {
        Names::Account => ("An account, by its name in addresses.", Shape::of::<Slug>()),
        Names::Board => ("A board, by its id.", Shape::of::<BoardId>()),
        Names::Column => ("A column, by its id.", Shape::of::<ColumnId>()),
        Names::Grantee => ("A member, by their id, or `everyone`.", Shape::of::<Grantee>()),
        Names::Card => ("A card, by its number in the account.", Shape::of::<i64>()),
        Names::Comment => ("A comment, by its id.", Shape::of::<CommentId>()),
        Names::Tag => ("A tag, by its id.", Shape::of::<TagId>()),
        Names::Endpoint => ("A webhook endpoint, by its id.", Shape::of::<EndpointId>()),
        Names::Delivery => ("A delivery to an endpoint, by its id.", Shape::of::<DeliveryId>()),
        Names::Replay => ("A replay to an endpoint, by its id.", Shape::of::<ReplayId>()),
        Names::Event => ("An event, by its id.", Shape::of::<EventId>()),
        Names::Token => ("A token, by its id.", Shape::of::<TokenId>()),
        Names::Invitation => ("An invitation, by its secret.", Shape::of::<String>()),
        Names::PasswordLink => ("A one-time link, by its secret.", Shape::of::<String>()),
        Names::Member => ("A member, by their id.", Shape::of::<UserId>()),
        Names::WaitingInvitation => {
            ("An invitation that waits, by its id.", Shape::of::<InvitationId>())
        }
        Names::SignIn => ("A signing in, by its id.", Shape::of::<SignInId>()),
        Names::Unsubscription => ("A member, by a signed token.", Shape::of::<String>()),
        Names::Asset => ("A file, by its name.", Shape::of::<String>()),
    }
}

fn of_query(parameter: &operation::Parameter) -> Parameter {
    let one = (parameter.schema)();
    let schema: RefOr<Schema> = match parameter.repeats {
        true => ArrayBuilder::new().items(one).into(),
        false => one,
    };
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(ParameterIn::Query)
        .description(Some(parameter.about))
        .schema(Some(schema))
        .build()
}

fn of_headers(route: &Route) -> Option<Parameter> {
    let (name, about, shape) = match (route.verb, route.operation.tagged) {
        (Verb::Post, _) => ("Idempotency-Key", KEY, Shape::of::<IdempotencyKey>()),
        (Verb::Get, true) => ("If-None-Match", KNOWN, Shape::of::<String>()),
        (Verb::Patch, true) => ("If-Match", READ, Shape::of::<String>()),
        _ => return None,
    };
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(about))
        .schema(Some((shape.schema)()));
    Some(header.build())
}

const KEY: &str = "A name for this request, of your choice. Sent again with the same name within \
                   24 hours, it is not carried out again but answered as it was.";
const KNOWN: &str = "The `ETag` of what you have: 304 if it is still that.";
const READ: &str = "The `ETag` of what you read: 412 if it has changed since.";
