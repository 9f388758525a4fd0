//! What surrounds a page: who looks, the token of their forms, the nonce of the answer.

use crate::views::Page;
use crate::web::respond::Result;
use crate::web::state::App;
use crate::web::viewer::{Viewer, Visitor};

/// Around a page of an account.
pub(super) fn of_viewer(viewer: &Viewer) -> Page {
    Page {
        viewer: Some(viewer.actor.clone()),
        csrf_token: viewer.csrf_token.clone(),
        nonce: viewer.nonce.clone(),
        ..Page::default()
    }
}

/// Around a page before sign-in that has a form.
pub(super) async fn of_visitor(app: &App, visitor: &Visitor) -> Result<Page> {
    let (csrf_token, nonce) = (visitor.csrf_token(app).await?, visitor.nonce.clone());
    Ok(Page { csrf_token, nonce, ..Page::default() })
}
