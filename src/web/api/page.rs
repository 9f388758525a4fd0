//! Pages of lists: how much is asked for, and the link to what comes next.

use std::fmt::Display;
use std::str::FromStr;

use axum::Json as Answer;
use axum::http::header::LINK;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::problem::Result;
use super::query::Query;
use crate::domain::Page;
use crate::web::operation::Parameter;

/// How much of a list is given unless asked otherwise.
const USUAL: u16 = 50;

/// How much is given at most.
const MOST: u16 = 1_000;

/// How much of a list is asked for.
struct Limit(u16);

impl FromStr for Limit {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.map(Self).ok_or(())
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MOST))
            .default(Some(USUAL.into()))
            .into()
    }
}

/// The parameter that says how much of a list is asked for.
pub(super) const LIMIT: Parameter = Parameter::of::<Limit>(
    "limit",
    "How many are given at most.",
    "a whole number from 1 to 1,000",
);

/// The parameter that says after which thing a page begins.
pub(super) const fn after<Id: PartialSchema>() -> Parameter {
    Parameter::of::<Id>("after", "Only those after the one with this id.", "an id")
}

/// How much of a list a query asks for.
pub(super) fn limit(query: &Query) -> Result<u16> {
    Ok(query.one(&LIMIT)?.map_or(USUAL, |Limit(limit)| limit))
}

/// Which page of a list of things with ids a query asks for.
pub(super) fn asked<Id: FromStr + PartialSchema>(query: &Query) -> Result<Page<Id>> {
    Ok(Page { after: query.one(&after::<Id>())?, limit: limit(query)?.into() })
}

/// A page of a list of things with ids. A full one links to the next, which may be empty.
pub(super) fn list<T: Serialize, Id: Display + PartialSchema>(
    items: &[T],
    page: &Page<Id>,
    query: &Query,
    id: impl Fn(&T) -> Id,
) -> Response {
    let is_full = i64::try_from(items.len()) == Ok(page.limit);
    let last = items.last().filter(|_| is_full).map(id);
    linked(items, last.map(|id| query.from(&after::<Id>(), id)))
}

/// A list, with a link to its next page (RFC 8288).
pub(super) fn linked<T: Serialize>(items: &[T], next: Option<String>) -> Response {
    let link = next.map(|next| [(LINK, format!("<{next}>; rel=\"next\""))]);
    (link, Answer(items)).into_response()
}
