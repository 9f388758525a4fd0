//! Why a signature does not check, and a delivery as a command of curl. What is pasted is answered
//! and kept nowhere; it comes in the body of a form, never in an address.

use axum::extract::State;
use axum::routing::on;
use maud::Markup;

use super::shell;
use crate::domain;
use crate::values::clock;
use crate::values::id::{DeliveryId, EndpointId};
use crate::views::{self, Form};
use crate::web::extract::Path;
use crate::web::method::Fields;
use crate::web::respond::{self, Result};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;
use crate::webhooks::diagnosis::{self, Finding, Known, Received};
use crate::webhooks::{endpoints, sent, signing};

const CHECKS: &str = "/{account}/webhooks/{endpoint}/signature_checks";
const CURL: &str = "/{account}/webhooks/{endpoint}/deliveries/{delivery}/curl";
const NAMES: &[Names] = &[Names::Account, Names::Endpoint];
const OF_DELIVERY: &[Names] = &[Names::Account, Names::Endpoint, Names::Delivery];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, CHECKS, NAMES, Who::Admin, |method| on(method, new)),
    Route::page(Verb::Post, CHECKS, NAMES, Who::Admin, |method| on(method, create)),
    Route::page(Verb::Get, CURL, OF_DELIVERY, Who::Admin, |method| on(method, curl)),
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
    let field = |name| fields.get(name).unwrap_or_default();
    // A form sends each line break as two characters, whatever was typed.
    let (headers, body) = (field("headers").to_owned(), field("body").replace("\r\n", "\n"));
    let signing = signing(app.pool(), &app.keys, &viewer.actor, id).await?;
    let format = endpoints::find(app.pool(), &viewer.actor, id).await?.format;
    let frozen = sent::body(app.pool(), &viewer.actor, format, diagnosis::id(&headers)).await?;
    let received = Received {
        headers: &headers,
        body: &body,
        secret: field("secret"),
        computed: field("computed"),
    };
    let known = Known { signing, frozen, now: clock::now() };
    let findings = diagnosis::diagnose(received, &known);
    let form = Form::default().with("headers", headers.as_str()).with("body", body.as_str());
    let form = form.with("computed", field("computed"));
    Ok(respond::page(page(&app, &viewer, id, &form, Some(&findings)).await?))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: EndpointId,
    form: &Form,
    findings: Option<&[Finding]>,
) -> Result<Markup> {
    let endpoint = endpoints::find(app.pool(), &viewer.actor, id).await?;
    if endpoint.removed_at.is_some() {
        return Err(domain::Error::NotFound.into());
    }
    let shell = shell::of_viewer(app, viewer).await?;
    Ok(views::webhooks::signature_check(&shell, &endpoint, form, findings))
}

async fn curl(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, endpoint, delivery)): Path<(String, EndpointId, DeliveryId)>,
) -> Result {
    let signing = signing(app.pool(), &app.keys, &viewer.actor, endpoint).await?;
    let command = sent::as_curl(app.pool(), &viewer.actor, endpoint, delivery, &signing).await?;
    let endpoint = endpoints::find(app.pool(), &viewer.actor, endpoint).await?;
    let shell = shell::of_viewer(&app, &viewer).await?;
    Ok(respond::page(views::webhooks::curl(&shell, &endpoint, &command)))
}
