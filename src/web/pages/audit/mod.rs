//! The audit: all that happened in the account, for its admins, as a page and as files.

mod asked;
mod csv;
mod lines;
mod words;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use axum::routing::on;

use self::asked::{Asked, Meant};
use super::done::Done;
use super::shell;
use crate::domain::audit::export::{self, Form};
use crate::domain::boards::Sight;
use crate::domain::{Error, audit, users};
use crate::notifications::heads;
use crate::views::audit::{ByMail, Shown};
use crate::views::{self, Page};
use crate::web::extract::Query;
use crate::web::ndjson::NDJSON;
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/audit", &[Account], Who::Admin, |m| on(m, show)),
    Route::page(Verb::Get, "/{account}/audit.csv", &[Account], Who::Admin, |m| on(m, table)),
    Route::page(Verb::Get, "/{account}/audit.ndjson", &[Account], Who::Admin, |m| on(m, entries)),
];

const DONE: &[(&str, &str)] = &[("letters", "Your choice is saved.")];

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
    Query(done): Query<Done>,
) -> Result {
    let actor = &viewer.actor;
    let shell = Page { flash: done.words(DONE), ..shell::of_viewer(&app, &viewer).await? };
    let mut connection = app.connection().await?;
    let sight = Sight::of(&mut *connection, actor).await?;
    let people = users::all(&mut *connection, actor).await?;
    let (read, before) = match asked.meant() {
        Ok(Meant { filter, before }) => {
            let page = audit::page(&app.log, &mut connection, actor, &sight, &filter, before);
            (page.await, before)
        }
        Err(wrong) => (Err(Error::Invalid(wrong)), None),
    };
    drop(connection);
    let (audited, wrong) = match read {
        Ok(audited) => (Some(audited), Vec::new()),
        Err(error) => (None, respond::wrong_fields(error)?),
    };
    let is_refused = !wrong.is_empty();
    let shown = Shown {
        narrowed: &asked.narrowed,
        form: &asked.form().refused(wrong),
        people: &people,
        boards: &sight.seen,
        audited: audited.as_ref(),
        before,
        by_mail: by_mail(&app, &viewer).await?,
    };
    let page = views::audit::show(&shell, &shown);
    Ok(if is_refused { respond::invalid(page) } else { respond::page(page) })
}

/// How the head comes to whoever looks, if they may choose that.
async fn by_mail(app: &App, viewer: &Viewer) -> Result<Option<ByMail>> {
    if viewer.actor.may_own().is_err() {
        return Ok(None);
    }
    let choice = heads::chosen(app.pool(), &viewer.actor).await?;
    Ok(Some(ByMail { choice, delivery: app.delivery() }))
}

async fn table(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result {
    file(&app, &viewer, &asked, csv::FORM, ("csv", "text/csv; charset=utf-8")).await
}

async fn entries(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result {
    file(&app, &viewer, &asked, lines::FORM, ("ndjson", NDJSON)).await
}

async fn file(
    app: &App,
    viewer: &Viewer,
    asked: &Asked,
    form: Form,
    (ending, media_type): (&str, &'static str),
) -> Result {
    let Meant { filter, .. } = asked.meant().map_err(Error::Invalid)?;
    let stream = export::stream(&app.log, &viewer.actor, filter, form).await?;
    let name = format!("{}-audit.{ending}", viewer.actor.account.slug);
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}
