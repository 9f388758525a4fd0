//! A new comment on a card.

use axum::extract::State;
use axum::routing::on;

use super::cards;
use crate::domain::{self, comments};
use crate::values::CommentBody;
use crate::views::Form;
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[Route::page(
    Verb::Post,
    "/{account}/cards/{number}/comments",
    &[Names::Account, Names::Card],
    Who::Member,
    |method| on(method, create),
)];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    body: String,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    extract::Form(Fields { body }): extract::Form<Fields>,
) -> Result {
    let added = match CommentBody::parse(&body).map_err(domain::Error::in_field("body")) {
        Ok(text) => comments::add(&app.log, &viewer.actor, number, text).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(see_other(&cards::path(&viewer, number))),
        Err(error) => {
            let wrong = respond::wrong_fields(error)?;
            let form = Form::default().with("body", body).refused(wrong);
            let page = cards::page(&app, &viewer, number, &form).await?;
            Ok(respond::invalid(page))
        }
    }
}
