//! `/session`: signing in and out, and the demo's one click.

use axum::extract::State;
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::on;
use subtle::ConstantTimeEq as _;

use super::shell;
use crate::domain::{self, FieldError, identities, passwords, sign_ins};
use crate::values::id::IdentityId;
use crate::values::secret::Secret;
use crate::values::{Email, ReturnPath};
use crate::views::{self, Form};
use crate::web::error::{Error, see_other};
use crate::web::extract::{self, Query};
use crate::web::limits::TooOften;
use crate::web::respond::{self, Result};
use crate::web::route::{Route, Verb, Who};
use crate::web::session;
use crate::web::state::{self, App};
use crate::web::viewer::Visitor;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/session", &[], Who::Public, |method| on(method, show)),
    Route::page(Verb::Post, "/session", &[], Who::Public, |method| on(method, create)),
    Route::page(Verb::Delete, "/session", &[], Who::Public, |method| on(method, destroy)),
    Route::page(Verb::Get, "/session/demo", &[], Who::Public, |method| on(method, demo)),
];

/// One sentence for an unknown address and for a wrong password: neither is told apart.
const WRONG: &str = "The e-mail address or the password is not right.";

#[derive(serde::Deserialize)]
struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// The page to go on to, as an address or a form has it: anybody may have written it.
#[derive(serde::Deserialize)]
struct Wanted {
    return_to: Option<String>,
}

impl Wanted {
    fn path(&self) -> Option<ReturnPath> {
        self.return_to.as_deref().and_then(ReturnPath::parse)
    }

    /// Where to go on to: to the page if there is one, else to the boards.
    fn destination(&self) -> String {
        self.path().map_or_else(|| "/".to_owned(), |path| path.to_string())
    }
}

#[derive(serde::Deserialize)]
struct Demo {
    #[serde(default)]
    code: String,
}

async fn show(State(app): State<App>, visitor: Visitor, Query(wanted): Query<Wanted>) -> Result {
    if visitor.identity(&app).await?.is_some() {
        return Ok(see_other(&wanted.destination()));
    }
    Ok(respond::page(page(&app, &visitor, &wanted, &Form::default()).await?))
}

async fn page(app: &App, visitor: &Visitor, wanted: &Wanted, form: &Form) -> Result<maud::Markup> {
    let shell = shell::of_visitor(app, visitor).await?;
    let (demo, return_to) = (demo_path(app, visitor), wanted.path());
    Ok(views::sessions::new(&shell, form, return_to.as_ref(), demo.as_deref()))
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    extract::Form(credentials): extract::Form<Credentials>,
) -> Result {
    let email = Email::parse(&credentials.email).ok();
    if let Err(too_often) = count_try(&app, &visitor, email.as_ref()) {
        return wait(&app, &visitor, &credentials, too_often).await;
    }
    match authenticate(&app, email.as_ref(), &credentials.password).await? {
        Some(identity) => {
            let to = credentials.wanted.destination();
            sign_in(&app, &visitor, &headers, identity, &to).await
        }
        None => {
            app.refusals.tell(email, visitor.client.address);
            let page = again(&app, &visitor, &credentials, WRONG).await?;
            Ok(respond::invalid(page))
        }
    }
}

/// Counts one more try to come in, by the address that it comes from and by the e-mail.
pub(super) fn count_try(
    app: &App,
    visitor: &Visitor,
    email: Option<&Email>,
) -> std::result::Result<(), TooOften> {
    let limits = &app.sign_in_limits;
    limits.try_address(visitor.client.address)?;
    email.map_or(Ok(()), |email| limits.try_email(email))
}

async fn wait(
    app: &App,
    visitor: &Visitor,
    credentials: &Credentials,
    too_often: TooOften,
) -> Result {
    let page = again(app, visitor, credentials, &too_often.sentence()).await?;
    Ok(respond::too_often(too_often.seconds(), page))
}

/// What is no address at all takes as long as one that nobody has.
async fn authenticate(
    app: &App,
    email: Option<&Email>,
    password: &str,
) -> Result<Option<IdentityId>> {
    let password = Secret::new(password);
    match email {
        Some(email) => Ok(identities::authenticate(app.pool(), email, &password).await?),
        None => {
            passwords::matches(&password, None).await;
            Ok(None)
        }
    }
}

/// The form again, with what is wrong said beside the password.
async fn again(
    app: &App,
    visitor: &Visitor,
    credentials: &Credentials,
    message: &str,
) -> Result<maud::Markup> {
    let wrong = vec![FieldError { field: "password", message: message.to_owned() }];
    let form = Form::default().with("email", credentials.email.as_str()).refused(wrong);
    page(app, visitor, &credentials.wanted, &form).await
}

/// Signs the browser in as a person, in place of whoever it was signed in as, and sends it on.
pub(super) async fn sign_in(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    identity: IdentityId,
    to: &str,
) -> Result {
    if let Some(before) = visitor.sign_in {
        sign_ins::revoke(app.pool(), before).await?;
    }
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let address = Some(visitor.client.address);
    let id = sign_ins::start(app.pool(), identity, address, agent).await?;
    domain::sessions::started(&app.log, identity, id, address).await?;
    session::sign_in(app, &visitor.session, id).await?;
    Ok(see_other(to))
}

async fn destroy(State(app): State<App>, visitor: Visitor, Query(wanted): Query<Wanted>) -> Result {
    if let Some(id) = visitor.sign_in {
        sign_ins::revoke(app.pool(), id).await?;
    }
    session::end(&app, &visitor.session).await?;
    Ok(see_other(&views::paths::session(wanted.path().as_ref())))
}

/// Signs in whoever was given the address at the start of the program, and only on this machine.
async fn demo(
    State(app): State<App>,
    visitor: Visitor,
    method: Method,
    headers: HeaderMap,
    Query(Demo { code }): Query<Demo>,
) -> Result {
    let identity = match email_of_demo(&app, &visitor, &code) {
        Some(email) => identities::by_email(app.pool(), email).await?.ok_or(Error::NotFound)?,
        None => return Err(Error::NotFound),
    };
    if method == Method::HEAD {
        return Ok(Response::default());
    }
    sign_in(&app, &visitor, &headers, identity, "/").await
}

fn email_of_demo<'a>(app: &'a App, visitor: &Visitor, code: &str) -> Option<&'a Email> {
    let demo = demo_for(app, visitor)?;
    let right = bool::from(demo.code.reveal().as_bytes().ct_eq(code.as_bytes()));
    right.then_some(&demo.email)
}

/// The one-click sign-in exists for requests of this very machine to a server that only it sees.
fn demo_for<'a>(app: &'a App, visitor: &Visitor) -> Option<&'a state::Demo> {
    let here =
        app.private_cluster && app.bind.ip().is_loopback() && visitor.client.is_direct_loopback();
    app.demo.as_ref().filter(|_| here)
}

fn demo_path(app: &App, visitor: &Visitor) -> Option<String> {
    demo_for(app, visitor).map(|demo| format!("/session/demo?code={}", demo.code.reveal()))
}
