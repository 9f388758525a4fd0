//! One’s own profile: name, time zone, password, letters, and where one is signed in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::on;

use super::done::Done;
use super::shell;
use crate::domain::passwords::Password;
use crate::domain::{self, sign_ins, users};
use crate::notifications;
use crate::values::id::SignInId;
use crate::values::secret::Secret;
use crate::values::{Name, Zone};
use crate::views::{self, Form};
use crate::web::error::{Error, see_other};
use crate::web::extract::{self, Path, Query};
use crate::web::respond::{self, Result};
use crate::web::route::Names::{self, Account};
use crate::web::route::{Route, Verb, Who};
use crate::web::session;
use crate::web::state::App;
use crate::web::viewer::{Viewer, Visitor};

const PATH: &str = "/{account}/profile";
const SIGN_IN: &str = "/{account}/profile/sign_ins/{sign_in}";

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, PATH, &[Account], Who::Member, |method| on(method, show)),
    Route::page(Verb::Patch, PATH, &[Account], Who::Member, |method| on(method, update)),
    Route::page(Verb::Patch, "/{account}/profile/password", &[Account], Who::Member, |method| {
        on(method, change_password)
    }),
    Route::page(Verb::Patch, "/{account}/profile/letters", &[Account], Who::Member, |method| {
        on(method, choose_letters)
    }),
    Route::page(Verb::Delete, "/{account}/profile/sign_ins", &[Account], Who::Member, |method| {
        on(method, sign_out_everywhere)
    }),
    Route::page(Verb::Delete, SIGN_IN, &[Account, Names::SignIn], Who::Member, |method| {
        on(method, sign_out)
    }),
];

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    time_zone: String,
}

#[derive(serde::Deserialize)]
struct Passwords {
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
}

#[derive(serde::Deserialize)]
struct Letters {
    #[serde(default)]
    letters: String,
}

const DONE: &[(&str, &str)] = &[
    ("profile", "Your profile is saved."),
    ("letters", "Your choice is saved."),
    ("password", "Your password is changed. You are signed out everywhere but here."),
    ("sign_in", "You are signed out there."),
    ("tracking", "Your choice is saved."),
    ("erased", "What was recorded of your visits is erased."),
];

async fn show(State(app): State<App>, viewer: Viewer, Query(done): Query<Done>) -> Result {
    let shell = views::Page { flash: done.words(DONE), ..shell::of_viewer(&app, &viewer).await? };
    let (about, password) = (Form::default(), Form::default());
    Ok(respond::page(page(&app, &viewer, &shell, &about, &password).await?))
}

/// The page with what was refused, if anything was.
async fn page(
    app: &App,
    viewer: &Viewer,
    shell: &views::Page,
    about: &Form,
    password: &Form,
) -> Result<maud::Markup> {
    let actor = &viewer.actor;
    let sign_ins = sign_ins::own(app.pool(), actor).await?;
    let letters = notifications::wants_letters(app.pool(), actor.account.id, actor.user_id).await?;
    Ok(views::profile::show(shell, &sign_ins, about, password, letters))
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
        return Ok(respond::invalid(page(&app, &viewer, &shell, &form, &Form::default()).await?));
    }
    app.forget();
    Ok(see_other(&path_after(&viewer, "profile")))
}

async fn save(app: &App, viewer: &Viewer, fields: &Fields) -> domain::Result<()> {
    let name = Name::parse(&fields.name).map_err(domain::Error::in_field("name"))?;
    let zone = Zone::parse(&fields.time_zone).map_err(domain::Error::in_field("time_zone"))?;
    users::update_profile(&app.log, &viewer.actor, &name, &zone).await
}

async fn change_password(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(passwords): extract::Form<Passwords>,
) -> Result {
    let changed = match Password::parse(&passwords.password) {
        Ok(new) => {
            let present = Secret::new(passwords.present);
            users::change_password(app.pool(), &viewer.actor, &present, &new).await
        }
        Err(invalid) => Err(domain::Error::in_field("password")(invalid)),
    };
    match changed {
        Ok(()) => {
            app.forget_signed_out().await;
            Ok(see_other(&path_after(&viewer, "password")))
        }
        Err(error) => {
            let form = Form::default().refused(respond::wrong_fields(error)?);
            let shell = shell::of_viewer(&app, &viewer).await?;
            Ok(respond::invalid(page(&app, &viewer, &shell, &Form::default(), &form).await?))
        }
    }
}

async fn choose_letters(
    State(app): State<App>,
    viewer: Viewer,
    extract::Form(Letters { letters }): extract::Form<Letters>,
) -> Result {
    let actor = &viewer.actor;
    let wanted = match letters.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(Error::refused(StatusCode::UNPROCESSABLE_ENTITY, "Choose on or off.")),
    };
    notifications::choose(app.pool(), actor.account.id, actor.user_id, wanted).await?;
    Ok(see_other(&path_after(&viewer, "letters")))
}

async fn sign_out_everywhere(State(app): State<App>, viewer: Viewer, visitor: Visitor) -> Result {
    users::sign_out_everywhere(app.pool(), &viewer.actor).await?;
    session::end(&app, &visitor.session).await?;
    Ok(see_other("/session"))
}

/// Signs out in one place; if it is this one, the way back is the sign-in page.
async fn sign_out(
    State(app): State<App>,
    viewer: Viewer,
    Path((_, id)): Path<(String, SignInId)>,
) -> Result {
    sign_ins::revoke_own(app.pool(), &viewer.actor, id).await?;
    app.forget_signed_out().await;
    Ok(see_other(&path_after(&viewer, "sign_in")))
}

/// The page again, which says what was done.
fn path_after(viewer: &Viewer, done: &str) -> String {
    format!("/{}/profile?done={done}", viewer.actor.account.slug)
}
