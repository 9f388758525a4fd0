//! Comments on a card: a new one, one edited, one deleted.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::{cards, shell};
use crate::domain::{self, comments};
use crate::values::CommentBody;
use crate::values::id::CommentId;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const COMMENT: &str = "/{account}/cards/{number}/comments/{comment}";
const EDIT: &str = "/{account}/cards/{number}/comments/{comment}/edit";
const NAMES: &[Names] = &[Names::Account, Names::Card, Names::Comment];

pub(super) const ROUTES: &[Route] = &[
    Route::page(
        Verb::Post,
        "/{account}/cards/{number}/comments",
        &[Names::Account, Names::Card],
        Who::Member,
        |method| on(method, create),
    ),
    Route::page(Verb::Get, EDIT, NAMES, Who::Member, |method| on(method, edit)),
    Route::page(Verb::Patch, COMMENT, NAMES, Who::Member, |method| on(method, update)),
    Route::page(Verb::Delete, COMMENT, NAMES, Who::Member, |method| on(method, destroy)),
];

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
            let typed = Form::default().with("body", body);
            cards::refused(&app, &viewer, number, typed, error).await
        }
    }
}

#[derive(serde::Deserialize)]
struct Edited {
    #[serde(default)]
    body: String,
    version: Option<String>,
}

async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
) -> Result {
    let comment = comments::find(app.pool(), &viewer.actor, number, id).await?;
    // Whoever may neither edit nor delete it finds no form here.
    comments::may_edit(&viewer.actor, &comment)
        .or_else(|_| comments::may_delete(&viewer.actor, &comment))?;
    let card = domain::cards::find(app.pool(), &viewer.actor, number).await?;
    let (shell, form) = (shell::of_viewer(&app, &viewer).await?, views::comments::filled(&comment));
    Ok(respond::page(views::comments::edit(&shell, &card, &comment, &form)))
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
    extract::Form(fields): extract::Form<Edited>,
) -> Result {
    let edited = match fields.parse() {
        Ok((body, version)) => {
            comments::edit(&app.log, &viewer.actor, number, id, body, version).await
        }
        Err(error) => Err(error),
    };
    match edited {
        Ok(_) => Ok(see_other(&cards::path(&viewer, number))),
        Err(error) => again(&app, &viewer, (number, id), fields, error).await,
    }
}

/// The form again: with what is wrong marked, or with the other text beside one's own.
async fn again(
    app: &App,
    viewer: &Viewer,
    (number, id): (i64, CommentId),
    fields: Edited,
    error: domain::Error,
) -> Result {
    let card = domain::cards::find(app.pool(), &viewer.actor, number).await?;
    let comment = comments::find(app.pool(), &viewer.actor, number, id).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let typed = Form::default().with("body", fields.body);
    if let domain::Error::Conflict { .. } = error {
        let page = views::comments::conflict(&shell, &card, &comment, &typed);
        return Ok((StatusCode::CONFLICT, respond::page(page)).into_response());
    }
    let form = typed.refused(respond::wrong_fields(error)?);
    Ok(respond::invalid(views::comments::edit(&shell, &card, &comment, &form)))
}

impl Edited {
    fn parse(&self) -> domain::Result<(CommentBody, Option<i64>)> {
        let body = CommentBody::parse(&self.body).map_err(domain::Error::in_field("body"))?;
        let version = self.version.as_deref().map(str::parse).transpose().map_err(|_| {
            domain::Error::invalid("version", "Reload the page: its version is missing.")
        })?;
        Ok((body, version))
    }
}

async fn destroy(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, number, id)): Path<(String, i64, CommentId)>,
) -> Result {
    comments::delete(&app.log, &viewer.actor, number, id).await?;
    Ok(see_other(&cards::path(&viewer, number)))
}
