//! Taking oneself off letters that come by themselves, without signing in (RFC 8058).

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::domain::accounts;
use crate::notifications::off::{self, About};
use crate::notifications::{self, heads};
use crate::values::Slug;
use crate::values::id::{AccountId, UserId};
use crate::views;
use crate::web::error::Error;
use crate::web::extract::Path;
use crate::web::limits;
use crate::web::respond::{self, Result};
use crate::web::route::{Kind, Names, Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Visitor;

const PATH: &str = "/{account}/unsubscriptions/{token}";
const NAMES: &[Names] = &[Names::Account, Names::Unsubscription];

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, PATH, NAMES, Who::Public, |method| on(method, show)),
    // A reader's mail program sends this, which has no session: the token is all it has to show.
    Route {
        verb: Verb::Post,
        limit: limits::FORM_BYTES,
        kind: Kind::System,
        ..Route::page(Verb::Post, PATH, NAMES, Who::Public, |method| on(method, create))
    },
];

/// Asks first: programs that look at every link of a letter must not take anybody off.
async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, token)): Path<(String, String)>,
) -> Result {
    let (_, about, _) = find(&app, &slug, &token).await?;
    let shell = shell::of_visitor(&app, &visitor).await?;
    Ok(respond::page(views::unsubscriptions::new(&shell, about)))
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, token)): Path<(String, String)>,
) -> Result {
    let (account, about, user) = find(&app, &slug, &token).await?;
    match about {
        About::Notices => notifications::choose(app.pool(), account, user, false).await?,
        About::Heads => heads::stop(app.pool(), account, user).await?,
    }
    let shell = views::Page { nonce: visitor.nonce, ..views::Page::default() };
    Ok(respond::page(views::unsubscriptions::done(&shell, about, &slug)))
}

async fn find(app: &App, slug: &str, token: &str) -> Result<(AccountId, About, UserId)> {
    let slug = Slug::parse(slug).map_err(|_| Error::NotFound)?;
    let account = accounts::id(app.pool(), &slug).await?;
    let named = off::named_by(&app.keys, account, token);
    let (about, user) = named.ok_or(Error::NotFound)?;
    Ok((account, about, user))
}
