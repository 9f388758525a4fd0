//! The account’s settings.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::json::Json;
use super::problem::{Problem, Result};
use crate::domain::{Account, accounts};
use crate::values::{Name, Slug, TrackingDays, Zone};
use crate::web::route::{Names, Route, Verb, Who};
use crate::web::state::App;

const SETTINGS: &str = "/api/v1/{account}/settings";
const NAMES: &[Names] = &[Names::Account];

pub(super) const ROUTES: &[Route] = &[
    Route::api(Verb::Get, SETTINGS, NAMES, Who::Member, |method| on(method, show))
        .named(
            "get_settings",
            "What the account is called, where its days begin, and what it keeps of visits",
        )
        .gives::<SettingsJson>(),
    Route::api(Verb::Patch, SETTINGS, NAMES, Who::Member, |method| on(method, update))
        .named("update_settings", "Change the account’s settings; only owners may")
        .takes::<Changes>()
        .gives::<SettingsJson>(),
];

/// What an account is called, where its days begin, and what it keeps and shows of visits.
#[derive(Serialize, ToSchema)]
#[schema(as = Settings)]
struct SettingsJson {
    slug: Slug,
    name: String,
    /// A zone of the tz database, such as `Europe/Zurich`.
    #[schema(value_type = String)]
    time_zone: Zone,
    /// Whether it is shown who has seen a board or a card.
    shows_receipts: bool,
    /// Whether reports of browsers keep a shortened network address.
    keeps_addresses: bool,
    /// For how many days reports of browsers are kept.
    tracking_days: TrackingDays,
}

impl From<Account> for SettingsJson {
    fn from(account: Account) -> Self {
        Self {
            slug: account.slug,
            name: account.name,
            time_zone: account.zone,
            shows_receipts: account.shows_receipts,
            keeps_addresses: account.keeps_addresses,
            tracking_days: account.tracking_days,
        }
    }
}

/// What to change; what is not given stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SettingsChanges)]
struct Changes {
    #[schema(value_type = Option<Name>)]
    name: Option<String>,
    /// A zone of the tz database, such as `Europe/Zurich`.
    time_zone: Option<String>,
    /// Whether it is shown who has seen a board or a card.
    shows_receipts: Option<bool>,
    /// Whether reports of browsers keep a shortened network address.
    keeps_addresses: Option<bool>,
    /// For how many days reports of browsers are kept, from 14 to 730.
    #[schema(minimum = 14, maximum = 730)]
    tracking_days: Option<i32>,
}

async fn show(Caller(actor): Caller) -> Result {
    Ok(Answer(SettingsJson::from(actor.account)).into_response())
}

async fn update(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(changes): Json<Changes>,
) -> Result {
    actor.may_own()?;
    let name = changes.name.as_deref().map(Name::parse).transpose();
    let zone = changes.time_zone.as_deref().map(Zone::parse).transpose();
    let days = changes.tracking_days.map(TrackingDays::new).transpose();
    let settings = accounts::Settings {
        name: name.map_err(Problem::in_field("name"))?,
        zone: zone.map_err(Problem::in_field("time_zone"))?,
        shows_receipts: changes.shows_receipts,
        keeps_addresses: changes.keeps_addresses,
        tracking_days: days.map_err(Problem::in_field("tracking_days"))?,
    };
    let account = accounts::update(&app.log, &actor, settings).await?;
    Ok(Answer(SettingsJson::from(account)).into_response())
}
