//! What stands around every route, in one layer: its parts, one by one, are in the files that they are
//! called after.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::error::Asked;
use super::state::App;
use super::trace::Traced;
use super::{client, method, security};

/// From the outside in: the request's id and its line in the log, the client, the headers of
/// [`security`], the page for what went wrong, and `_method`.
///
/// They are one layer because each layer costs a request a few boxes, a copy of the request, and memory
/// for as long as it waits.
pub async fn every(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let traced = Traced::of(&request);
    client::identify(&app, &mut request);
    let nonce = security::nonce(&mut request);
    let asked = Asked::of(&request);
    let is_https = app.is_https();
    request.extensions_mut().insert(app);
    let answering = async {
        match method::rewrite(request).await {
            Ok(request) => next.run(request).await,
            Err(error) => error.into_response(),
        }
    };
    let response = answering.instrument(traced.span()).await;
    let mut response = asked.dress(response, &nonce);
    security::add(response.headers_mut(), &nonce, is_https);
    traced.write_down(&mut response);
    response
}
