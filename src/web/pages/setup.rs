//! `/setup`: the first account of a server that has none, guarded by a code in the log.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;
use subtle::ConstantTimeEq as _;

use super::{sessions, shell};
use crate::domain::accounts::NewAccount;
use crate::domain::passwords::Password;
use crate::domain::{self, FieldError, accounts};
use crate::values::id::IdentityId;
use crate::values::{Email, Name, Slug};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Query};
use crate::web::respond::{self, Result};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/setup", &[], Who::Public, |method| on(method, show)),
    Route::page(Verb::Post, "/setup", &[], Who::Public, |method| on(method, create)),
];

/// What the form holds; the address in the log fills the code in.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Setup {
    code: String,
    account_name: String,
    slug: String,
    name: String,
    email: String,
    password: String,
}

async fn show(State(app): State<App>, visitor: Visitor, Query(setup): Query<Setup>) -> Result {
    if !is_open(&app).await? {
        return Ok(see_other("/"));
    }
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::setup::new(&shell, &setup.form())))
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    extract::Form(setup): extract::Form<Setup>,
) -> Result {
    if !is_open(&app).await? {
        return Ok(see_other("/"));
    }
    match found(&app, &setup).await {
        Ok(identity) => sessions::sign_in(&app, &visitor, &headers, identity, "/").await,
        // Of two who sent the form at once, this one came second.
        Err(domain::Error::NotFound) => Ok(see_other("/")),
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let shell = shell::of_visitor(&app, &visitor).await?;
            Ok(respond::invalid(views::setup::new(&shell, &setup.form().refused(wrong))))
        }
    }
}

/// Until there is an account; then whoever comes here is sent to sign in.
async fn is_open(app: &App) -> Result<bool> {
    Ok(app.setup_code.is_some() && !accounts::any(app.pool()).await?)
}

async fn found(app: &App, setup: &Setup) -> domain::Result<IdentityId> {
    let (new, password) = setup.parse(app)?;
    Ok(accounts::create_first(&app.log, new, &password).await?.identity_id)
}

impl Setup {
    fn form(&self) -> Form {
        Form::default()
            .with("code", self.code.as_str())
            .with("account_name", self.account_name.as_str())
            .with("slug", self.slug.as_str())
            .with("name", self.name.as_str())
            .with("email", self.email.as_str())
    }

    fn parse(&self, app: &App) -> domain::Result<(NewAccount, Password)> {
        let mut wrong = Vec::new();
        if !self.knows_code(app) {
            wrong.push(FieldError {
                field: "code",
                message: "This is not the code; it stands in the server’s log.".into(),
            });
        }
        let name = keep(&mut wrong, "account_name", Name::parse(&self.account_name));
        let slug = keep(&mut wrong, "slug", Slug::parse(&self.slug));
        let owner_name = keep(&mut wrong, "name", Name::parse(&self.name));
        let owner_email = keep(&mut wrong, "email", Email::parse(&self.email));
        let password = keep(&mut wrong, "password", Password::parse(&self.password));
        match (slug, name, owner_email, owner_name, password) {
            (Some(slug), Some(name), Some(owner_email), Some(owner_name), Some(password))
                if wrong.is_empty() =>
            {
                Ok((NewAccount { slug, name, owner_email, owner_name }, password))
            }
            _ => Err(domain::Error::Invalid(wrong)),
        }
    }

    fn knows_code(&self, app: &App) -> bool {
        app.setup_code
            .as_ref()
            .is_some_and(|code| code.reveal().as_bytes().ct_eq(self.code.trim().as_bytes()).into())
    }
}

/// The value, or its complaint beside the others, so that one answer names every wrong field.
fn keep<T>(
    wrong: &mut Vec<FieldError>,
    field: &'static str,
    parsed: std::result::Result<T, crate::values::Invalid>,
) -> Option<T> {
    parsed.map_err(|invalid| wrong.push(FieldError { field, message: invalid.to_string() })).ok()
}
