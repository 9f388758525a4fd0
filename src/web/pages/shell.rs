//! What surrounds a page: who looks, the token of their forms, their notices, and the signed
//! names of the streams that keep it true.

use sqlx::PgExecutor;

use crate::domain::users;
use crate::live::{Cursor, Stream};
use crate::notifications;
use crate::views::Page;
use crate::web::respond::Result;
use crate::web::state::App;
use crate::web::viewer::{Viewer, Visitor};

/// Around a page of an account that follows no more than its viewer's notices.
pub(super) async fn of_viewer(app: &App, viewer: &Viewer) -> Result<Page> {
    let mut connection = app.connection().await?;
    let cursor = app.hub.cursor(&mut *connection, &viewer.actor).await?;
    following(app, viewer, &mut *connection, &cursor, &[]).await
}

/// Around a page that follows these streams from where the cursor was read, which must be before
/// anything else that the page shows.
pub(super) async fn following(
    app: &App,
    viewer: &Viewer,
    executor: impl PgExecutor<'_>,
    cursor: &Cursor,
    streams: &[Stream],
) -> Result<Page> {
    let actor = &viewer.actor;
    let streams = [streams, &[Stream::User(actor.user_id)]].concat();
    Ok(Page {
        streams: app.hub.names(actor, cursor, &streams),
        unread: notifications::unread(executor, actor.account.id, actor.user_id).await?,
        viewer: Some(viewer.actor.clone()),
        csrf_token: viewer.csrf_token.clone(),
        nonce: viewer.nonce.clone(),
        ..Page::default()
    })
}

/// The same with those who look at the board or card now.
pub(super) async fn with_present(
    app: &App,
    viewer: &Viewer,
    executor: impl PgExecutor<'_>,
    page: Page,
    stream: Stream,
) -> Result<Page> {
    let account = viewer.actor.account.id;
    let present = app.hub.present(account, stream);
    if present.is_empty() {
        return Ok(page);
    }
    Ok(Page { present: users::some(executor, account, &present).await?, ..page })
}

/// Around a page before sign-in that has a form.
pub(super) async fn of_visitor(app: &App, visitor: &Visitor) -> Result<Page> {
    let (csrf_token, nonce) = (visitor.csrf_token(app).await?, visitor.nonce.clone());
    Ok(Page { csrf_token, nonce, ..Page::default() })
}
