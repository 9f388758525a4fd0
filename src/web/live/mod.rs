//! The sockets of pages: `/cable` for Action Cable and AnyCable, `/live` for Turbo's own source over
//! WebSocket and `/live/sse` over server-sent events. Thin shells: what is said is decided below.

mod cable;
mod leaving;
mod opening;
mod raw;
mod server_sent;

use axum::routing::on;

use super::route::Route;

/// The routes of the sockets.
pub(super) const ROUTES: &[Route] = &[
    Route::system("/cable", &[], |method| on(method, cable::connect)),
    Route::system("/live", &[], |method| on(method, raw::connect)),
    Route::system("/live/sse", &[], |method| on(method, server_sent::connect)),
];
