//! Bearer tokens of the API: one’s own, and for admins everybody’s; made, and revoked.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::done::Done;
use super::shell;
use crate::domain;
use crate::domain::tokens;
use crate::values::id::TokenId;
use crate::values::secret::Secret;
use crate::values::{Name, Scope};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{Account, Token};
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const TOKENS: &str = "/{account}/tokens";
const TOKEN: &str = "/{account}/tokens/{token}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, TOKENS, &[Account], Who::Member, |method| on(method, index)),
    Route::page(Verb::Post, TOKENS, &[Account], Who::Member, |method| on(method, create)),
    Route::page(Verb::Delete, TOKEN, &[Account, Token], Who::Member, |method| on(method, destroy)),
];

const DONE: &[(&str, &str)] = &[("revoked", "The token is revoked.")];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scope: String,
}

async fn index(State(app): State<App>, viewer: Viewer, Query(done): Query<Done>) -> Result {
    let shell = views::Page { flash: done.words(DONE), ..shell::of_viewer(&app, &viewer).await? };
    Ok(respond::page(page(&app, &viewer, &shell, &Form::default(), None).await?))
}

/// The page with the form for a new token, and the token just made, which is shown this once.
async fn page(
    app: &App,
    viewer: &Viewer,
    shell: &views::Page,
    form: &Form,
    made: Option<&Secret>,
) -> Result<maud::Markup> {
    let tokens = tokens::all(app.pool(), &viewer.actor).await?;
    Ok(views::tokens::index(shell, &tokens, form, made.map(Secret::reveal)))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    let made = make(&app, &viewer, &fields).await;
    let shell = shell::of_viewer(&app, &viewer).await?;
    match made {
        Ok(token) => {
            let page = page(&app, &viewer, &shell, &Form::default(), Some(&token)).await?;
            Ok((StatusCode::CREATED, respond::page(page)).into_response())
        }
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let form = Form::default().with("name", fields.name).with("scope", fields.scope);
            let form = form.refused(wrong);
            Ok(respond::invalid(page(&app, &viewer, &shell, &form, None).await?))
        }
    }
}

async fn make(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<Secret> {
    let name = Name::parse(&fields.name).map_err(domain::Error::in_field("name"))?;
    let scope = Scope::parse(&fields.scope).map_err(domain::Error::in_field("scope"))?;
    let (_, token) = tokens::create(&app.log, &viewer.actor, name, scope).await?;
    Ok(token)
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, TokenId)>,
) -> Result {
    tokens::revoke(&app.log, &viewer.actor, id).await?;
    Ok(see_other(&format!("/{}/tokens?done=revoked", viewer.actor.account.slug)))
}
