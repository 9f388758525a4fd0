//! Undoing what happened, from a history: what it will do, and doing it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::on;

use super::{cards, shell};
use crate::domain::restorations::{self, Choice, offered};
use crate::domain::{self, FieldError, feed};
use crate::values::id::EventId;
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Path};
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const RESTORATION: &str = "/{account}/activities/{event}/restoration";
const NAMES: &[Names] = &[Names::Account, Names::Event];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, RESTORATION, NAMES, Who::Member, |method| on(method, new)),
    Route::page(Verb::Post, RESTORATION, NAMES, Who::Member, |method| on(method, create)),
];

/// What is said when the words are not those that were seen.
const CHANGED: &str =
    "Somebody changed this while you looked at it. This is what undoing would do now.";

#[derive(Default, serde::Deserialize)]
struct Fields {
    #[serde(default)]
    column_id: String,
    #[serde(default)]
    version: String,
}

async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, event)): Path<(String, EventId)>,
) -> Result {
    Ok(respond::page(page(&app, &viewer, event, Form::default()).await?))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, event)): Path<(String, EventId)>,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    let restored = match fields.choice() {
        Ok(choice) => restorations::restore(&app.log, &viewer.actor, event, choice).await,
        Err(error) => Err(error),
    };
    let form = Form::default().with("column_id", fields.column_id);
    match restored {
        Ok(number) => Ok(see_other(&cards::path(&viewer, number))),
        Err(domain::Error::Conflict { .. }) => {
            let form =
                form.refused(vec![FieldError { field: "event", message: CHANGED.to_owned() }]);
            let page = respond::page(page(&app, &viewer, event, form).await?);
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let form = form.refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(page(&app, &viewer, event, form).await?))
        }
    }
}

/// The page of what undoing would do as things are now; where it can do nothing, why not.
async fn page(app: &App, viewer: &Viewer, event: EventId, form: Form) -> Result<maud::Markup> {
    let actor = &viewer.actor;
    let shell = shell::of_viewer(app, viewer).await?;
    let feed = feed::of_one(&app.log, actor, event).await?;
    let (plan, form) = match restorations::plan(&app.log, actor, event, None).await {
        Ok(plan) => (Some(plan), form),
        Err(error) => (None, Form::default().refused(respond::wrong_fields(error)?)),
    };
    let is_asked = plan.as_ref().is_some_and(|plan| plan.act.asks_where());
    let offered = match is_asked || form.error("column_id").is_some() {
        true => offered(&mut *app.connection().await?, actor).await?,
        false => Vec::new(),
    };
    Ok(views::restorations::new(&shell, &feed, plan.as_ref(), &offered, &form))
}

impl Fields {
    fn choice(&self) -> domain::Result<Choice> {
        let column = (!self.column_id.is_empty()).then(|| self.column_id.parse()).transpose();
        let column_id =
            column.map_err(|_| domain::Error::invalid("column_id", "There is no such column."))?;
        let version = (!self.version.is_empty()).then(|| self.version.parse()).transpose();
        let version = version
            .map_err(|_| domain::Error::invalid("version", "A version is a whole number."))?;
        Ok(Choice { column_id, version })
    }
}
