//! `/password_links`: asking for a one-time link, and setting a password with it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;
use tracing::Instrument as _;

use super::{sessions, shell};
use crate::domain::passwords::Password;
use crate::domain::{self, FieldError, password_links};
use crate::values::Email;
use crate::values::secret::Secret;
use crate::views::{self, Form, password_links::Way};
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

const PATH: &str = "/password_links/{token}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/password_links/new", &[], Who::Public, |method| on(method, new)),
    Route::page(Verb::Post, "/password_links", &[], Who::Public, |method| on(method, create)),
    Route::page(Verb::Get, PATH, &[Names::PasswordLink], Who::Public, |method| on(method, show)),
    Route::page(Verb::Post, PATH, &[Names::PasswordLink], Who::Public, |method| on(method, redeem)),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    password: String,
}

#[derive(serde::Deserialize)]
struct Forgotten {
    #[serde(default)]
    email: String,
}

async fn new(State(app): State<App>, visitor: Visitor) -> Result {
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::password_links::new(&shell, way(&app), &Form::default())))
}

/// How a link reaches whoever asks for one.
fn way(app: &App) -> Way {
    match (app.sends_mail, app.readable_outbox()) {
        (true, _) => Way::Letter,
        (false, Some(_)) => Way::Outbox,
        (false, None) => Way::Operator,
    }
}

/// Answers before it is looked whether anybody has the address: neither the words nor the time
/// tell.
async fn create(
    State(app): State<App>,
    visitor: Visitor,
    extract::Form(Forgotten { email }): extract::Form<Forgotten>,
) -> Result {
    let shell = shell::of_visitor(&app, &visitor).await?;
    let parsed = Email::parse(&email);
    if let Err(too_often) = sessions::count_try(&app, &visitor, parsed.as_ref().ok()) {
        let wrong = vec![FieldError { field: "email", message: too_often.sentence() }];
        let form = Form::default().with("email", email).refused(wrong);
        let page = views::password_links::new(&shell, way(&app), &form);
        return Ok(respond::too_often(too_often.seconds(), page));
    }
    match parsed.map_err(domain::Error::in_field("email")) {
        Ok(email) => {
            let page = views::password_links::asked(&shell, way(&app), &email);
            if way(&app) != Way::Operator {
                send_later(&app, email);
            }
            Ok(respond::page(page))
        }
        Err(error) => {
            let form = Form::default().with("email", email).refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(views::password_links::new(&shell, way(&app), &form)))
        }
    }
}

fn send_later(app: &App, email: Email) {
    let app = app.clone();
    let sending = async move {
        if let Err(error) = password_links::send(app.pool(), &email, &app.outgoing).await {
            tracing::error!(%error, "a password link was not written");
        }
    };
    tokio::spawn(sending.in_current_span());
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result {
    let token = Secret::new(token);
    let email = password_links::find(app.pool(), &token).await?;
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::password_links::show(&shell, &email, token.reveal(), &Form::default())))
}

async fn redeem(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(token): Path<String>,
    extract::Form(Fields { password }): extract::Form<Fields>,
) -> Result {
    let token = Secret::new(token);
    let email = password_links::find(app.pool(), &token).await?;
    match Password::parse(&password).map_err(domain::Error::in_field("password")) {
        Ok(password) => {
            let identity = password_links::redeem(app.pool(), &token, &password).await?;
            sessions::sign_in(&app, &visitor, &headers, identity, "/").await
        }
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let shell = shell::of_visitor(&app, &visitor).await?;
            let form = Form::default().refused(wrong);
            let page = views::password_links::show(&shell, &email, token.reveal(), &form);
            Ok(respond::invalid(page))
        }
    }
}
