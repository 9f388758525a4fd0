//! `/password_links/{token}`: a one-time link with which somebody sets a password.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::on;

use super::{sessions, shell};
use crate::domain::passwords::Password;
use crate::domain::{self, password_links};
use crate::values::secret::Secret;
use crate::views::{self, Form};
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

const PATH: &str = "/password_links/{token}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, PATH, &[Names::PasswordLink], Who::Public, |method| on(method, show)),
    Route::page(Verb::Post, PATH, &[Names::PasswordLink], Who::Public, |method| on(method, redeem)),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    password: String,
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
