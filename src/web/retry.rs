//! One more try for a read that met a dead connection, such as after a restart of Postgres.

use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::error::Problem;

/// Runs a GET again, once, when its connection to the database turned out to be dead.
pub async fn reads_once_more(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let again = Request::from_parts(parts.clone(), Body::empty());
    let response = next.clone().run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if problem.connection_lost => next.run(again).await,
        _ => response,
    }
}
