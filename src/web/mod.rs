//! HTTP: pages, API and sockets.
//!
//! The table in [`routes`] says once what can be asked for; the router is made from it. Around
//! every route stand, from the outside in: the request's id and its line in the log, the client's
//! address, the headers of [`security`], the page for what went wrong, `_method`, the session,
//! one more try for a read that met a dead connection, and the check against forged forms.

pub mod accept;
pub mod actors;
pub mod api;
pub mod around;
pub mod assets;
mod at_head;
pub mod client;
pub mod csrf;
pub mod error;
pub mod extract;
pub mod fresh;
pub mod health;
pub mod kept;
pub mod limits;
mod live;
pub mod method;
mod ndjson;
pub mod operation;
pub mod pages;
pub mod problem_document;
pub mod refusals;
pub mod respond;
pub mod retry;
pub mod route;
pub mod routes;
pub mod security;
pub mod session;
pub mod state;
pub mod trace;
pub mod viewer;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

pub use error::Error;
pub use state::{App, Parts};

/// Everything that answers HTTP, ready to be served with the peer's address
/// (`into_make_service_with_connect_info::<SocketAddr>`).
///
/// The layers around the routes stand together, from the outside in: one put around another by itself is
/// boxed, and each box is made anew for each request by every box around it.
pub fn router(app: App) -> Router {
    let routed = routes::router()
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::unknown_method)
        .layer((
            from_fn(health::measure),
            CatchPanicLayer::custom(error::panicked),
            session::layer(&app),
            from_fn(retry::reads_once_more),
        ))
        .with_state(app.clone());
    // The method must be rewritten before a route is chosen: hence a router around the router.
    Router::new().fallback_service(routed).layer(from_fn_with_state(app, around::every))
}
