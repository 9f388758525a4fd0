//! One try at a delivery: a POST, signed, within fifteen seconds, and what came of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, redirect};
use time::OffsetDateTime;
use url::Url;

use super::address::Guard;
use super::signature::Signing;

/// How long everything may take: looking up, connecting, asking, and reading the answer.
const DEADLINE: Duration = Duration::from_secs(15);

/// How long connecting may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// How much of an answer is kept, in bytes; what follows is not read.
const KEPT: usize = 64 * 1024;

/// Sends deliveries. It follows no redirect, asks no proxy and unpacks nothing.
pub struct Sender {
    guard: Guard,
    secure: Client,
    plain: Client,
    deadline: Duration,
}

/// What is sent to an endpoint.
pub struct Message<'a> {
    /// Where.
    pub url: &'a str,
    /// What signs it.
    pub signing: &'a Signing,
    /// The event's id, the same for every endpoint and every try.
    pub event_id: String,
    /// The delivery's number, without gaps for its endpoint; none when an admin tries it out.
    pub number: Option<i64>,
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
    /// What went wrong, for the admin.
    pub error: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl Sender {
    /// A sender that goes where the guard lets it.
    ///
    /// # Errors
    /// A TLS configuration that cannot be made.
    pub fn new(guard: Guard) -> reqwest::Result<Self> {
        let client = |only_allowed| {
            Client::builder()
                .tls_backend_preconfigured(tls())
                .dns_resolver(Arc::new(Resolver { guard: guard.clone(), only_allowed }))
                .redirect(redirect::Policy::none())
                .no_proxy()
                .connect_timeout(CONNECT_DEADLINE)
                .pool_idle_timeout(Duration::from_secs(30))
                .user_agent(concat!("Cairn/", env!("CARGO_PKG_VERSION")))
                .build()
        };
        let (secure, plain) = (client(false)?, client(true)?);
        Ok(Self { guard, secure, plain, deadline: DEADLINE })
    }

    /// The same with another deadline.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Tries once.
    pub async fn send(&self, message: &Message<'_>, now: OffsetDateTime) -> Try {
        let begun = Instant::now();
        let outcome = match self.guard.read(message.url) {
            Ok(url) => tokio::time::timeout(self.deadline, self.post(url, message, now)).await,
            Err(refused) => Ok(Try { error: Some(refused.to_string()), ..Try::default() }),
        };
        let outcome = outcome.unwrap_or_else(|_| {
            let error = format!("No full answer within {} seconds.", self.deadline.as_secs());
            Try { error: Some(error), ..Try::default() }
        });
        Try { took: begun.elapsed(), ..outcome }
    }

    async fn post(&self, url: Url, message: &Message<'_>, now: OffsetDateTime) -> Try {
        let client = if url.scheme() == "https" { &self.secure } else { &self.plain };
        let timestamp = now.unix_timestamp();
        let signing = message.signing;
        let signature = signing.standard(&message.event_id, timestamp, message.body);
        let mut request = client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.event_id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .header("x-webhook-signature", signing.plain(message.body))
            .body(message.body.to_vec());
        if let Some(sequence) = message.sequence {
            request = request.header("cairn-sequence", sequence);
        }
        request = match message.number {
            Some(number) => request.header("cairn-delivery", number),
            None => request.header("cairn-test", "true"),
        };
        if let Some(next) = signing.next(message.body) {
            request = request.header("x-webhook-signature-next", next);
        }
        match request.send().await {
            Ok(response) => answer(response).await,
            Err(error) => Try { error: Some(reason(&error)), ..Try::default() },
        }
    }
}

/// Reads the head of an answer.
async fn answer(mut response: Response) -> Try {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.map(str::to_owned);
    let mut body = Vec::new();
    let mut error = (!status.is_success()).then(|| format!("The answer was {status}."));
    while body.len() < KEPT {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(KEPT - body.len())]),
            Ok(None) => break,
            Err(broken) => {
                error = error.or_else(|| Some(reason(&broken)));
                break;
            }
        }
    }
    Try { code: Some(status.as_u16()), retry_after, body, error, ..Try::default() }
}

/// What went wrong, down to the cause, without the address, which may hold a secret of its own.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let doing = if error.is_connect() { "It could not be reached" } else { "It broke off" };
    format!("{doing}: {cause}.")
}

/// One TLS stack with the roots that browsers trust, so that neither the machine's certificates
/// nor a provider for the whole process are needed.
pub(crate) fn tls() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Looks names up for one scheme and gives only addresses that webhooks may reach. The client
/// dials what it is given, so that a name cannot lead elsewhere between looking and dialling.
struct Resolver {
    /// Who decides.
    guard: Guard,
    /// Whether only the operator's networks will do, as with plain http.
    only_allowed: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, only_allowed) = (self.guard.clone(), self.only_allowed);
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let good = |ip| if only_allowed { guard.allows(ip) } else { guard.admits(ip) };
            if found.iter().any(|address| !good(address.ip())) {
                return Err("the name leads into a private network".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
