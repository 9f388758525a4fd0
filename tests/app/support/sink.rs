//! A receiver of webhooks that remembers what came, and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::server::until;

/// A receiver on a port of its own; it is gone when it is dropped.
pub struct Sink {
    address: String,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    calls: Mutex<Vec<Call>>,
    answers: Mutex<VecDeque<Answer>>,
}

/// What came.
#[derive(Debug, Clone)]
pub struct Call {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// How the sink answers a call; a call for which it was not told any is answered with 204.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With this status.
    Status(u16),
    /// With this status and this header.
    With(u16, &'static str, String),
    /// With this status and this body.
    Body(u16, String),
    /// With this status, once this is told.
    Once(Arc<Notify>, u16),
    /// Never.
    Hang,
}

impl Sink {
    /// A receiver that says yes to everything.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    /// The same where another one was.
    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let seen = Arc::<Seen>::default();
        let app = Router::new().fallback(take).with_state(Arc::clone(&seen));
        let serving = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("a sink serves");
        });
        Self { address, seen, serving }
    }

    /// Its address with a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Ends it; where it was.
    pub async fn stop(&mut self) -> String {
        self.serving.abort();
        // The socket is closed when the task has ended.
        let _ = (&mut self.serving).await;
        self.address.trim_start_matches("http://").to_owned()
    }

    /// What it is to answer to the calls that come next, in order.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.seen.answers.lock().expect("nobody panics in here").extend(answers);
    }

    /// What came so far.
    pub fn calls(&self) -> Vec<Call> {
        self.seen.calls.lock().expect("nobody panics in here").clone()
    }

    /// Waits until at least so many calls have come.
    pub async fn has(&self, count: usize) -> Vec<Call> {
        until("calls", async || Some(self.calls()).filter(|calls| calls.len() >= count)).await
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Call {
    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

async fn take(
    State(seen): State<Arc<Seen>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call { path: uri.path().to_owned(), headers, body };
    seen.calls.lock().expect("nobody panics in here").push(call);
    let answer = seen.answers.lock().expect("nobody panics in here").pop_front();
    match answer.unwrap_or(Answer::Status(204)) {
        Answer::Status(status) => code(status).into_response(),
        Answer::With(status, name, value) => (code(status), [(name, value)]).into_response(),
        Answer::Body(status, body) => (code(status), body).into_response(),
        Answer::Once(told, status) => {
            told.notified().await;
            code(status).into_response()
        }
        Answer::Hang => std::future::pending().await,
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a status")
}
