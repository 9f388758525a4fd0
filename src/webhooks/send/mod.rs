//! One try at a delivery: a POST, signed, within fifteen seconds, and what came of it.
//!
//! The client is hyper's own, with a connector of ours: a client that hides its connections cannot
//! tell where it went and what took how long, nor refuse an answer that never ends.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};
use url::{Position, Url};

use self::connector::Connector;
use self::stream::Dialled;
use self::trace::Trace;
use super::address::Guard;
use super::headers::Headers;
use super::signature::Signing;

mod connector;
mod fault;
mod head;
pub mod names;
mod stream;
mod trace;

pub use fault::{Failure, Fault};
pub use names::Names;
pub use trace::Timings;

/// How long everything may take: looking up, connecting, asking, and reading the answer.
const DEADLINE: Duration = Duration::from_secs(15);

/// How much of the body of an answer is kept, in bytes; what follows is not read.
const KEPT: usize = 64 * 1024;

/// How large the head of an answer may be, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;

/// How long an open connection waits for the next call.
const IDLE: Duration = Duration::from_secs(30);

/// How many open connections to one host wait for a call.
const IDLE_EACH: usize = 8;

const NAME: &str = concat!("Cairn/", env!("CARGO_PKG_VERSION"));

/// Sends deliveries. It follows no redirect, asks no proxy and unpacks nothing.
pub struct Sender {
    guard: Guard,
    client: Calls,
    /// One that keeps no connection.
    anew: Calls,
    deadline: Duration,
}

type Calls = Client<Connector, Full<Bytes>>;

/// What is sent to an endpoint.
pub struct Message<'a> {
    /// Where.
    pub url: &'a str,
    /// What signs it.
    pub signing: &'a Signing,
    /// Headers of the endpoint's own.
    pub headers: &'a Headers,
    /// The event's id, the same for every endpoint and every try.
    pub event_id: String,
    /// The delivery's number, without gaps for its endpoint; none when an admin tries it out.
    pub number: Option<i64>,
    /// Whether it was owed anew, by a replay or because an admin wished it.
    pub is_again: bool,
    /// The event's number in the account's log; an example has none.
    pub sequence: Option<i64>,
    /// The frozen bytes.
    pub body: &'a [u8],
}

/// What came of a try.
#[derive(Debug, Clone, Default)]
pub struct Try {
    /// The status code, if there was an answer.
    pub code: Option<u16>,
    /// Its `Retry-After`.
    pub retry_after: Option<String>,
    /// The head of its body.
    pub body: Vec<u8>,
    /// What went wrong.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Duration,
    /// The address that was dialled.
    pub address: Option<IpAddr>,
    /// How long its parts took.
    pub timings: Timings,
    /// The headers that were sent, a line each, signatures masked.
    pub sent: String,
    /// The headers that were answered, a line each.
    pub answered: String,
}

impl Sender {
    /// A sender that goes where the guard lets it, asks the machine's resolver, and trusts the
    /// roots that browsers trust.
    pub fn new(guard: Guard) -> Self {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::with(guard, Arc::new(names::System::default()), roots)
    }

    /// A sender with a resolver and roots of one's own.
    pub fn with(guard: Guard, names: Arc<dyn Names>, roots: rustls::RootCertStore) -> Self {
        let connector = Connector::new(guard.clone(), names, roots);
        let [client, anew] = [IDLE_EACH, 0].map(|idle| calls(connector.clone(), idle));
        Self { guard, client, anew, deadline: DEADLINE }
    }

    /// The same with another deadline.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Tries once.
    pub async fn send(&self, message: &Message<'_>, now: OffsetDateTime) -> Try {
        let (begun, trace) = (Instant::now(), Trace::default());
        let mut outcome = match self.guard.read(message.url) {
            Ok(url) => trace.follow(self.post(&url, message, now, begun, &trace)).await,
            Err(refused) => Try::failed(Failure::new(Fault::RefusedAddress, refused.to_string())),
        };
        let told = trace.told();
        outcome.address = outcome.address.or(told.address);
        Try { took: begun.elapsed(), timings: told.timings, ..outcome }
    }

    async fn post(
        &self,
        url: &Url,
        message: &Message<'_>,
        now: OffsetDateTime,
        begun: Instant,
        trace: &Trace,
    ) -> Try {
        let Some(request) = request(url, message, now) else {
            let sentence = "This address has characters that no request can carry.";
            return Try::failed(Failure::new(Fault::RefusedAddress, sentence));
        };
        let (sent, until) = (head::sent(request.headers()), begun + self.deadline);
        let calling = async {
            let called = self.client.request(request).await;
            if called.as_ref().is_err_and(was_left)
                && let Some(again) = self::request(url, message, now)
            {
                return self.anew.request(again).await;
            }
            called
        };
        let outcome = match timeout_at(until, calling).await {
            Ok(Ok(response)) => {
                trace.note(|told| told.timings.first_byte = Some(begun.elapsed()));
                self.answer(response, until).await
            }
            Ok(Err(error)) => Try::failed(Failure::of_request(&error)),
            Err(_) => Try::failed(self.too_late()),
        };
        Try { sent, ..outcome }
    }

    /// Reads the head of an answer's body. What was answered before it broke off is kept.
    async fn answer(&self, response: Response<Incoming>, until: Instant) -> Try {
        let (head, mut incoming) = response.into_parts();
        let dialled = head.extensions.get::<Dialled>();
        dialled.inspect(|it| it.note_answer());
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let mut outcome = Try {
            code: Some(head.status.as_u16()),
            retry_after: retry_after.map(str::to_owned),
            failure: refused(head.status),
            address: dialled.map(|it| it.address),
            answered: head::answered(&head.headers),
            ..Try::default()
        };
        while outcome.body.len() < KEPT {
            let broken = match timeout_at(until, incoming.frame()).await {
                Ok(Some(Ok(frame))) => {
                    let chunk = frame.into_data().unwrap_or_default();
                    let room = KEPT - outcome.body.len();
                    outcome.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    continue;
                }
                Ok(None) => break,
                Ok(Some(Err(error))) => Failure::of_reading(&error),
                Err(_) => self.too_late(),
            };
            outcome.failure.get_or_insert(broken);
            break;
        }
        outcome
    }

    fn too_late(&self) -> Failure {
        let sentence = format!("No full answer within {} seconds.", self.deadline.as_secs());
        Failure::new(Fault::Timeout, sentence)
    }
}

impl Try {
    /// One that got no answer.
    pub(super) fn failed(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}

fn calls(connector: Connector, idle_each: usize) -> Calls {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(idle_each)
        .http1_max_buf_size(LARGEST_HEAD)
        .build(connector)
}

/// Whether a connection that was kept open had been left by the receiver when the call went out: that
/// says nothing of the receiver, and the call is made once more over a new one.
fn was_left(error: &hyper_util::client::legacy::Error) -> bool {
    let mut extras = hyper::http::Extensions::new();
    error.connect_info().inspect(|info| info.get_extras(&mut extras));
    extras.get::<Dialled>().is_some_and(Dialled::was_left)
}

/// The request of a message; none when its address or a header cannot stand in one.
fn request(url: &Url, message: &Message<'_>, now: OffsetDateTime) -> Option<Request<Full<Bytes>>> {
    let (timestamp, signing) = (now.unix_timestamp(), message.signing);
    let signature = signing.standard(&message.event_id, timestamp, message.body);
    let mut request = Request::post(&url[..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(USER_AGENT, NAME)
        .header(ACCEPT, "*/*")
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, message.body.len())
        .header("webhook-id", &message.event_id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .header("x-webhook-signature", signing.plain(message.body));
    if let Some(sequence) = message.sequence {
        request = request.header("cairn-sequence", sequence);
    }
    request = match message.number {
        Some(number) => request.header("cairn-delivery", number),
        None => request.header("cairn-test", "true"),
    };
    if message.is_again {
        request = request.header("cairn-replay", "true");
    }
    if let Some(next) = signing.next(message.body) {
        request = request.header("x-webhook-signature-next", next);
    }
    for (name, value) in message.headers.to_send() {
        request = request.header(name, value);
    }
    request.body(Full::new(Bytes::copy_from_slice(message.body))).ok()
}

/// What is wrong with a status, if something is.
fn refused(status: hyper::StatusCode) -> Option<Failure> {
    if status.is_success() {
        None
    } else if status.is_redirection() {
        let sentence = format!("The answer was {status}. Redirects are not followed.");
        Some(Failure::new(Fault::Redirect, sentence))
    } else {
        Some(Failure::new(Fault::Status, format!("The answer was {status}.")))
    }
}
