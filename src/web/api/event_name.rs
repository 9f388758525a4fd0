//! The names of the kinds of events, as programs write and read them.

use std::borrow::Cow;
use std::str::FromStr;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::events::{KINDS, Kind};
use crate::webhooks::events;

/// A kind of event, by its name on the wire.
pub(super) struct EventName(pub(super) &'static Kind);

/// What asks for one or more kinds of events: `card.moved`, `card.*` or `*`.
pub(super) struct EventPattern(pub(super) String);

impl FromStr for EventPattern {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if events::is_known(text) { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

impl PartialSchema for EventPattern {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The name of an event, all of a noun as in `card.*`, or `*`."))
            .into()
    }
}

impl FromStr for EventName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Kind::by_wire_name(text).map(Self).ok_or(())
    }
}

impl PartialSchema for EventName {
    fn schema() -> RefOr<Schema> {
        let names = KINDS.iter().map(|kind| kind.wire_name());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The name of a kind of event."))
            .enum_values(Some(names))
            .into()
    }
}

impl ToSchema for EventName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("EventName")
    }
}
