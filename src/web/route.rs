//! A route as data: how it is asked, what its parameters name, and who may ask.

use axum::routing::{MethodFilter, MethodRouter};
use utoipa::ToSchema;

use super::limits;
use super::operation::{Gives, Operation, Parameter, Shape};
use super::state::App;

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
    /// What it says of itself in the OpenAPI document; only of interest for [`Kind::Api`].
    pub operation: Operation,
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
    /// Whom a board is opened or closed to: a member by their id, or `everyone`.
    Grantee,
    /// A card, by its number in the account.
    Card,
    /// A comment, by its id.
    Comment,
    /// A tag, by its id.
    Tag,
    /// A member, by their id in the account.
    Member,
    /// An invitation, by its secret token.
    Invitation,
    /// An invitation that waits for an answer, by its id.
    WaitingInvitation,
    /// A one-time link that sets a password, by its secret token.
    PasswordLink,
    /// A member who wants no more letters, by a signed token.
    Unsubscription,
    /// A webhook endpoint, by its id.
    Endpoint,
    /// A delivery to an endpoint, by its id.
    Delivery,
    /// A replay to an endpoint, by its id.
    Replay,
    /// An event, by its id.
    Event,
    /// A bearer token, by its id.
    Token,
    /// A signing in, by its id.
    SignIn,
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
        let limit = limits::FORM_BYTES;
        let operation = Operation::UNDESCRIBED;
        Self { verb, path, names, kind: Kind::Page, who, limit, operation, handler }
    }

    /// A route for programs, to be described: at least by [`Route::named`], and by what it takes
    /// and gives. A test holds that none is forgotten.
    pub const fn api(
        verb: Verb,
        path: &'static str,
        names: &'static [Names],
        who: Who,
        handler: Handler,
    ) -> Self {
        let limit = limits::JSON_BYTES;
        let operation = Operation::UNDESCRIBED;
        Self { verb, path, names, kind: Kind::Api, who, limit, operation, handler }
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
            operation: Operation::UNDESCRIBED,
            handler,
        }
    }

    /// The same route with another largest body, in bytes.
    pub const fn limited_to(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The same route with its name in the OpenAPI document, such as `create_board`, and a few
    /// words on what it does.
    pub const fn named(self, id: &'static str, summary: &'static str) -> Self {
        self.doing(Operation { id, summary, ..self.operation })
    }

    /// The same route, which knows these parameters behind the question mark.
    pub const fn asked(self, query: &'static [Parameter]) -> Self {
        self.doing(Operation { query, ..self.operation })
    }

    /// The same route, which takes a JSON body of this type.
    pub const fn takes<T: ToSchema>(self) -> Self {
        self.doing(Operation { takes: Some(Shape::of::<T>()), ..self.operation })
    }

    /// The same route, which answers 200 with this type.
    pub const fn gives<T: ToSchema>(self) -> Self {
        self.doing(Operation { gives: Gives::One(Shape::of::<T>()), ..self.operation })
    }

    /// The same route, which answers 201 with this type.
    pub const fn gives_new<T: ToSchema>(self) -> Self {
        self.doing(Operation { gives: Gives::New(Shape::of::<T>()), ..self.operation })
    }

    /// The same route, which answers 200 with a page of a list of this type.
    pub const fn gives_page<T: ToSchema>(self) -> Self {
        self.doing(Operation { gives: Gives::Page(Shape::of::<T>()), ..self.operation })
    }

    /// The same route, which answers 200 with all of a list of this type, a line each.
    pub const fn gives_lines<T: ToSchema>(self) -> Self {
        self.doing(Operation { gives: Gives::Lines(Shape::of::<T>()), ..self.operation })
    }

    /// The same route, whose answer has an `ETag`.
    pub const fn tagged(self) -> Self {
        self.doing(Operation { tagged: true, ..self.operation })
    }

    const fn doing(self, operation: Operation) -> Self {
        Self { operation, ..self }
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

    /// The same for axum.
    pub(super) fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}
