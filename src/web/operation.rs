//! What a route for programs says of itself in the OpenAPI document: what it takes and gives.

use std::borrow::Cow;

use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A route of the API as its document describes it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its name, unique in the document, such as `create_board`.
    pub id: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What may stand behind the question mark; anything else there is refused.
    pub query: &'static [Parameter],
    /// The JSON body that it takes.
    pub takes: Option<Shape>,
    /// What it answers when all goes well.
    pub gives: Gives,
    /// Whether the answer has an `ETag`, with which a read and an edit can be made conditional.
    pub tagged: bool,
}

/// What a route answers when all goes well.
#[derive(Debug, Clone, Copy)]
pub enum Gives {
    /// No body.
    Nothing,
    /// One thing, which is there (200).
    One(Shape),
    /// One thing, which was made just now (201).
    New(Shape),
    /// A page of a list of such things, with a `Link` to the next one.
    Page(Shape),
    /// All of a list of such things, a line of JSON each.
    Lines(Shape),
}

/// What may stand behind the question mark.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it takes, for whoever gave something else: `the id of a board`.
    pub takes: &'static str,
    /// The schema of its value.
    pub schema: fn() -> RefOr<Schema>,
    /// Whether it may stand there more than once.
    pub repeats: bool,
}

/// The shape of something in JSON, taken from its type.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What it is called in the document.
    pub name: fn() -> Cow<'static, str>,
    /// Its schema.
    pub schema: fn() -> RefOr<Schema>,
    /// The shapes that its schema refers to, by their names.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl Operation {
    /// What has not been described yet.
    pub const UNDESCRIBED: Self =
        Self { id: "", summary: "", query: &[], takes: None, gives: Gives::Nothing, tagged: false };
}

impl Shape {
    /// The shape of a type.
    pub const fn of<T: ToSchema>() -> Self {
        Self { name: T::name, schema: T::schema, parts: T::schemas }
    }

    /// Where the document has its schema.
    pub fn reference(self) -> Ref {
        Ref::from_schema_name((self.name)())
    }
}

impl Parameter {
    /// A parameter that may stand there once.
    pub const fn of<T: PartialSchema>(
        name: &'static str,
        about: &'static str,
        takes: &'static str,
    ) -> Self {
        Self { name, about, takes, schema: T::schema, repeats: false }
    }

    /// The same, as often as one likes.
    pub const fn repeated(self) -> Self {
        Self { repeats: true, ..self }
    }
}
