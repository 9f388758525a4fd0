//! `Idempotency-Key`: a POST that is sent again is carried out once, and answered as it was.
//!
//! Only a success is kept. What was refused has changed nothing, so its key is free again, for the
//! same request or a better one; so is the key of what failed, unless its change was made.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, LINK, LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::caller::Caller;
use super::problem::{Problem, Result};
use crate::domain::Actor;
use crate::domain::idempotency_keys::{self, Claim};
use crate::values::IdempotencyKey;
use crate::values::id::IdempotencyKeyId;
use crate::web::error::Error;
use crate::web::state::App;

/// The header that names a request.
const KEY: &str = "idempotency-key";

/// The header of an answer that is given again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The headers that are given again with an answer; the others belong to a transmission.
const KEPT: [HeaderName; 4] = [CONTENT_TYPE, ETAG, LOCATION, LINK];

/// Runs a request with a key at most once; one without a key as always.
pub(super) async fn once(State(limit): State<usize>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    keyed(limit, request, next).await.unwrap_or_else(Problem::into_response)
}

async fn keyed(limit: usize, request: Request, next: Next) -> Result {
    let (mut parts, body) = request.into_parts();
    let app = parts.extensions.get::<App>().cloned();
    let app = app.ok_or_else(|| fault("a layer of the router is missing"))?;
    let key = key(&parts.headers)?;
    let Caller(actor) = Caller::from_request_parts(&mut parts, &app).await?;
    let body = to_bytes(body, limit).await.map_err(|_| Problem::too_large())?;
    let digest = digest(&parts, &body);
    match idempotency_keys::claim(app.pool(), &app.keys, &actor, &key, &digest).await? {
        Claim::Granted(id) => Ok(run(Run { app, actor, id }, parts, body, next).await),
        Claim::Answered(kept) => replay(&kept),
        Claim::Running => Ok(running()),
        Claim::AnswerLost => Err(Problem::refused(StatusCode::CONFLICT, ANSWER_LOST)),
        Claim::Taken => Err(Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, TAKEN)),
    }
}

const ANSWER_LOST: &str = "This request was carried out, but its answer was lost. \
                           Read what it changed before you send it anew with another key.";
const TAKEN: &str = "This Idempotency-Key stands for another request; choose a new one.";
const RUNNING: &str = "A request with this Idempotency-Key is being carried out; ask again soon.";

fn running() -> Response {
    let mut response = Problem::refused(StatusCode::CONFLICT, RUNNING).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn key(headers: &HeaderMap) -> Result<IdempotencyKey> {
    let mut lines = headers.get_all(KEY).iter();
    let text = lines.next().and_then(|line| line.to_str().ok()).unwrap_or_default();
    match (IdempotencyKey::parse(text), lines.next()) {
        (Ok(key), None) => Ok(key),
        (Ok(_), Some(_)) => {
            Err(Problem::refused(StatusCode::BAD_REQUEST, "Send one Idempotency-Key."))
        }
        (Err(invalid), _) => Err(Problem::refused(StatusCode::BAD_REQUEST, invalid.to_string())),
    }
}

/// What tells this request from any other of its token.
fn digest(parts: &Parts, body: &[u8]) -> Vec<u8> {
    let head = format!("{} {}\n", parts.method, parts.uri);
    Sha256::new().chain_update(head).chain_update(body).finalize().to_vec()
}

/// A request that has its key.
struct Run {
    app: App,
    actor: Actor,
    id: IdempotencyKeyId,
}

/// Carries the request out, even if its sender does not wait for the answer: they will ask again.
async fn run(run: Run, mut parts: Parts, body: Bytes, next: Next) -> Response {
    parts.extensions.insert(Caller(run.actor.clone().once(run.id)));
    let request = Request::from_parts(parts, Body::from(body));
    let running = async move {
        let response = next.run(request).await;
        run.settle(response).await
    };
    match tokio::spawn(running.in_current_span()).await {
        Ok(response) => response,
        Err(error) => fault(error).into_response(),
    }
}

impl Run {
    /// Keeps a success, and lets the key go otherwise.
    async fn settle(&self, response: Response) -> Response {
        if !response.status().is_success() {
            note(idempotency_keys::release(self.app.pool(), self.actor.account.id, self.id).await);
            return response;
        }
        let (head, body) = response.into_parts();
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(error) => return fault(error).into_response(),
        };
        note(self.keep(&head, &body).await);
        Response::from_parts(head, Body::from(body))
    }

    async fn keep(&self, head: &axum::http::response::Parts, body: &[u8]) -> sqlx::Result<()> {
        let kept = Kept::new(head, body).to_bytes();
        let (pool, keys) = (self.app.pool(), &self.app.keys);
        idempotency_keys::keep(pool, keys, self.actor.account.id, self.id, &kept).await
    }
}

/// The request itself has its answer; only what becomes of its key went wrong.
fn note(outcome: sqlx::Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "what came of an idempotency key was not stored");
    }
}

fn fault(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    Problem::Other(Error::Unexpected(error.into()))
}

/// An answer as it is kept.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Kept {
    fn new(head: &axum::http::response::Parts, body: &[u8]) -> Self {
        let headers = KEPT.iter().filter_map(|name| {
            let value = head.headers.get(name)?.to_str().ok()?;
            Some((name.to_string(), value.to_owned()))
        });
        Self {
            status: head.status.as_u16(),
            headers: headers.collect(),
            // JSON is UTF-8 (RFC 8259 section 8.1), so nothing is lost.
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        serde_json::json!(self).to_string().into_bytes()
    }
}

fn replay(kept: &[u8]) -> Result {
    let kept: Kept = serde_json::from_slice(kept).map_err(fault)?;
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(fault)?;
    for (name, value) in kept.headers {
        let name: HeaderName = name.parse().map_err(fault)?;
        response.headers_mut().insert(name, value.parse().map_err(fault)?);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
