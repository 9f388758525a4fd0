//! Health: whether this process can serve, and its measurements for Prometheus.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use metrics::Label;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use subtle::ConstantTimeEq as _;

use super::client::Client;
use super::error::Error;
use super::route::Route;
use super::state::App;
use super::trace::Answered;
use crate::db;
use crate::webhooks::measures;

/// The routes of this noun.
pub const ROUTES: &[Route] = &[
    Route::system("/up", &[], |method| on(method, up)),
    Route::system("/metrics", &[], |method| on(method, metrics)),
];

/// How long Postgres may take to answer before this process counts as down.
const PATIENCE: Duration = Duration::from_secs(2);

/// Upper bounds of the buckets of request times, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

async fn up(State(app): State<App>) -> Response {
    if app.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match tokio::time::timeout(PATIENCE, db::ping(app.pool())).await {
        Ok(Ok(())) => "ok\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "Postgres does not answer\n").into_response(),
    }
}

async fn metrics(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    if !client.is_direct_loopback() && !shows_token(&app, &headers) {
        return Err(Error::NotFound);
    }
    app.backlog.measure(app.pool()).await;
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

fn shows_token(app: &App, headers: &HeaderMap) -> bool {
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    app.metrics_token
        .as_ref()
        .is_some_and(|token| token.reveal().as_bytes().ct_eq(shown.as_bytes()).into())
}

/// Counts and times a request under the route that the table gives it, never under its address.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = Label::from_static_parts("method", method_label(request.method().as_str()));
    let began = Instant::now();
    let mut response = next.run(request).await;
    let path: Arc<str> = route.as_ref().map_or("none", MatchedPath::as_str).into();
    let labels = vec![method, Label::new("route", path)];
    metrics::histogram!("cairn_http_request_seconds", labels.clone()).record(began.elapsed());
    let status = response.status().as_str().to_owned();
    let labels = [vec![Label::new("status", status)], labels].concat();
    metrics::counter!("cairn_http_requests_total", labels).increment(1);
    keep_up();
    if let Some(route) = route {
        response.extensions_mut().insert(Answered(route));
    }
    response
}

/// A stranger may send any word for a method; each would be a series of its own.
fn method_label(method: &str) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method).unwrap_or("other")
}

/// The recorder of this process, installed by the first who asks; none when somebody else
/// installed another.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| builder().ok()?.install_recorder().ok()).as_ref()
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let deliveries = Matcher::Full(measures::DELIVERY_SECONDS.to_owned());
    PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .set_buckets_for_metric(deliveries, &measures::DELIVERY_BUCKETS)
}

fn keep_up() {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    if REQUESTS.fetch_add(1, Ordering::Relaxed).is_multiple_of(1024) {
        fold();
    }
}

/// Folds what was recorded since into the buckets: unscraped, it would pile up in memory.
pub fn fold() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}
