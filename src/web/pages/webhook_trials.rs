//! Trying a webhook endpoint out: one call, now, and at once what came of it.

use axum::extract::State;
use axum::routing::on;
use maud::Markup;

use super::shell;
use crate::domain;
use crate::values::id::EndpointId;
use crate::views::{self, Form};
use crate::web::extract::Path;
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::endpoints;
use crate::webhooks::trial::{self, Trial};

const TESTS: &str = "/{account}/webhooks/{endpoint}/tests";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, TESTS, NAMES, Who::Admin, |method| on(method, new)),
    Route::page(Verb::Post, TESTS, NAMES, Who::Admin, |method| on(method, create)),
];

async fn new(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
) -> Result {
    Ok(respond::page(page(&app, &viewer, id, &Form::default(), None).await?))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, EndpointId)>,
    fields: Fields,
) -> Result {
    let subject = fields.get("event").unwrap_or_default();
    let form = Form::default().with("event", subject);
    match app.trials.run(&viewer.actor, id, subject).await {
        Ok(trial) => Ok(respond::page(page(&app, &viewer, id, &form, Some(&trial)).await?)),
        Err(error) => {
            let form = form.refused(respond::wrong_fields(error)?);
            Ok(respond::invalid(page(&app, &viewer, id, &form, None).await?))
        }
    }
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    form: &Form,
    trial: Option<&Trial>,
) -> Result<Markup> {
    let endpoint = endpoints::present(app.pool(), &viewer.actor, id).await?;
    let shell = shell::of_viewer(app, viewer).await?;
    let offered = trial::offered(&app.log, &viewer.actor, id).await?;
    let people = domain::feed::people(app.pool(), viewer.actor.account.id, &offered).await?;
    Ok(views::webhooks::trial(&shell, &endpoint, &offered, &people, form, trial))
}
