//! The account’s settings: everybody may read them, owners change them.

use axum::extract::State;
use axum::routing::on;

use super::done::Done;
use super::shell;
use crate::domain;
use crate::domain::accounts::{self, Settings};
use crate::values::{Name, TrackingDays, Zone};
use crate::views::{self, Form};
use crate::web::error::see_other;
use crate::web::extract::{self, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

const PATH: &str = "/{account}/settings";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, PATH, &[Account], Who::Member, |method| on(method, show)),
    Route::page(Verb::Patch, PATH, &[Account], Who::Member, |method| on(method, update)),
    Route::page(Verb::Patch, "/{account}/settings/tracking", &[Account], Who::Member, |method| {
        on(method, update_tracking)
    }),
];

const DONE: &[(&str, &str)] = &[
    ("settings", "The settings are saved."),
    ("tracking", "What is recorded of visits is saved."),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    time_zone: String,
}

#[derive(serde::Deserialize)]
struct TrackingFields {
    #[serde(default)]
    receipts: String,
    #[serde(default)]
    addresses: String,
    #[serde(default)]
    tracking_days: String,
}

async fn show(State(app): State<App>, viewer: Viewer, Query(done): Query<Done>) -> Result {
    let shell = views::Page { flash: done.words(DONE), ..shell::of_viewer(&app, &viewer).await? };
    Ok(respond::page(views::settings::show(&shell, &Form::default())))
}

async fn update(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(fields): extract::Form<Fields>,
) -> Result {
    if let Err(error) = save(&app, &viewer, &fields).await {
        let form = Form::default().with("name", fields.name).with("time_zone", fields.time_zone);
        let form = form.refused(respond::wrong_fields(error)?);
        let shell = shell::of_viewer(&app, &viewer).await?;
        return Ok(respond::invalid(views::settings::show(&shell, &form)));
    }
    Ok(see_other(&format!("/{}/settings?done=settings", viewer.actor.account.slug)))
}

async fn update_tracking(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(fields): extract::Form<TrackingFields>,
) -> Result {
    if let Err(error) = save_tracking(&app, &viewer, &fields).await {
        let form = Form::default()
            .with("receipts", fields.receipts)
            .with("addresses", fields.addresses)
            .with("tracking_days", fields.tracking_days)
            .refused(respond::wrong_fields(error)?);
        let shell = shell::of_viewer(&app, &viewer).await?;
        return Ok(respond::invalid(views::settings::show(&shell, &form)));
    }
    Ok(see_other(&format!("/{}/settings?done=tracking", viewer.actor.account.slug)))
}

async fn save_tracking(app: &App, viewer: &Viewer, fields: &TrackingFields) -> domain::Result<()> {
    viewer.actor.may_own()?;
    let days = TrackingDays::parse(&fields.tracking_days);
    let settings = Settings {
        shows_receipts: Some(choice("receipts", &fields.receipts)?),
        keeps_addresses: Some(choice("addresses", &fields.addresses)?),
        tracking_days: Some(days.map_err(domain::Error::in_field("tracking_days"))?),
        ..Settings::default()
    };
    accounts::update(&app.log, &viewer.actor, settings).await?;
    Ok(())
}

/// A check box that was left empty is not sent at all.
fn choice(field: &'static str, text: &str) -> domain::Result<bool> {
    match text {
        "on" => Ok(true),
        "" | "off" => Ok(false),
        _ => Err(domain::Error::invalid(field, "Choose on or off.")),
    }
}

async fn save(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<()> {
    viewer.actor.may_own()?;
    let name = Name::parse(&fields.name).map_err(domain::Error::in_field("name"))?;
    let zone = Zone::parse(&fields.time_zone).map_err(domain::Error::in_field("time_zone"))?;
    let settings = Settings { name: Some(name), zone: Some(zone), ..Settings::default() };
    accounts::update(&app.log, &viewer.actor, settings).await?;
    Ok(())
}
