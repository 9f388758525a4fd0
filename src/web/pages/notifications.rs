//! What others did on the cards that somebody follows, and having read it.

use axum::extract::State;
use axum::routing::on;

use super::shell;
use crate::events::sentence::People;
use crate::notifications::{self, Notice, Subject};
use crate::values::Slug;
use crate::views::{self, paths};
use crate::web::error::see_other;
use crate::web::respond::{self, Result};
use crate::web::route::Names::Account;
use crate::web::route::{Route, Verb, Who};
use crate::web::state::App;
use crate::web::viewer::Viewer;

pub(super) const ROUTES: &[Route] = &[
    Route::page(Verb::Get, "/{account}/notifications", &[Account], Who::Member, |method| {
        on(method, index)
    }),
    Route::page(
        Verb::Post,
        "/{account}/notifications/readings",
        &[Account],
        Who::Member,
        |method| on(method, read_all),
    ),
];

async fn index(State(app): State<App>, viewer: Viewer) -> Result {
    let shell = shell::of_viewer(&app, &viewer).await?;
    let (notices, people) = notifications::newest(&app.log, &viewer.actor).await?;
    let slug = &viewer.actor.account.slug;
    let shown: Vec<_> = notices.into_iter().map(|notice| in_words(slug, notice, &people)).collect();
    Ok(respond::page(views::notifications::show(&shell, &shown)))
}

fn in_words(slug: &Slug, notice: Notice, people: &People) -> views::notifications::Notice {
    let Notice { subject, activity, unread } = notice;
    let (title, path, trackable) = match subject {
        Subject::Card { number, title } => {
            let card = activity.header.card_id.filter(|_| title.is_some());
            let title = title.as_deref().unwrap_or("(deleted)");
            let trackable = card.map(|id| ("Card", id.uuid()));
            (format!("{number} {title}"), paths::card(slug, number), trackable)
        }
        Subject::Endpoint(id) => {
            let trackable = Some(("WebhookEndpoint", id.uuid()));
            ("Webhook endpoint".to_owned(), paths::endpoint(slug, id), trackable)
        }
    };
    let creator = activity.header.creator_id;
    views::notifications::Notice {
        title,
        path,
        trackable,
        sentence: activity.sentence.plain_text(creator, people),
        at: activity.header.created_at,
        unread: unread > 0,
    }
}

async fn read_all(State(app): State<App>, viewer: Viewer) -> Result {
    notifications::read_all(app.pool(), &viewer.actor).await?;
    Ok(see_other(&format!("/{}/notifications", viewer.actor.account.slug)))
}
