//! The log of an account, asked for over the API.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, StatusCode, redirect};
use serde_json::Value;
use url::Url;

use crate::app::Failure;
use crate::values::Slug;
use crate::values::secret::Secret;

/// How many events are asked for at once.
const PAGE: u32 = 100;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The roots that browsers trust, and no provider for the whole process.
fn tls() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// The log of an account on a server.
pub(super) struct Source {
    client: Client,
    account: Url,
    token: Secret,
}

/// An event as it is to be sent.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sequence: i64,
    /// The bytes that a webhook endpoint is sent.
    pub(super) body: Vec<u8>,
}

/// What the server said.
pub(super) enum Answer {
    /// The number of what happened last.
    Head(i64),
    /// What happened after a number, the oldest first.
    Events(Vec<Event>),
    /// Nothing that helps, for now.
    Away(String),
    /// No, and asking again would not change that.
    Refused(String),
}

impl Source {
    pub(super) fn new(server: &Url, account: &Slug, token: Secret) -> Result<Self, Failure> {
        let wrong = |_| Failure::wrong(format!("{server} is not the address of a server"));
        let base = format!("{}/api/v1/{account}/", server.as_str().trim_end_matches('/'));
        let client = Client::builder()
            .tls_backend_preconfigured(tls())
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("Cairn/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| Failure::new(error.to_string()))?;
        Ok(Self { client, account: base.parse().map_err(wrong)?, token })
    }

    /// The number of what happened last.
    pub(super) async fn head(&self) -> Answer {
        let newest = |list: Vec<Value>| {
            let first = list.first().map_or(Some(0), |activity| activity["sequence"].as_i64());
            first.map(Answer::Head)
        };
        self.ask("activities?limit=1", newest).await
    }

    /// What happened after a number.
    pub(super) async fn events(&self, after: i64) -> Answer {
        let events = |list: Vec<Value>| {
            list.into_iter().map(Event::read).collect::<Option<_>>().map(Answer::Events)
        };
        self.ask(&format!("events?after={after}&limit={PAGE}"), events).await
    }

    async fn ask(&self, path: &str, read: impl FnOnce(Vec<Value>) -> Option<Answer>) -> Answer {
        let Ok(url) = self.account.join(path) else {
            return Answer::Refused("the address of the server leads nowhere".to_owned());
        };
        let bearer = format!("Bearer {}", self.token.reveal());
        let response = match self.client.get(url).header("authorization", bearer).send().await {
            Ok(response) => response,
            Err(error) if error.is_timeout() => return Answer::Away("no answer".to_owned()),
            Err(_) => return Answer::Away("it cannot be reached".to_owned()),
        };
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => {
                return Answer::Refused("the server does not know this token".to_owned());
            }
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                return Answer::Refused("there is no such account for this token".to_owned());
            }
            status => return Answer::Away(status.to_string()),
        }
        let bytes = response.bytes().await.unwrap_or_default();
        let list = serde_json::from_slice(&bytes).ok();
        list.and_then(read).unwrap_or_else(|| Answer::Away("it answers in other words".to_owned()))
    }
}

impl Event {
    /// An event of the list. Without its number it is what endpoints are sent, to the byte.
    fn read(mut event: Value) -> Option<Self> {
        let sequence = event.as_object_mut()?.shift_remove("sequence")?.as_i64()?;
        let text = |name: &str| Some(event.get(name)?.as_str()?.to_owned());
        Some(Self {
            id: text("id")?,
            name: text("event")?,
            sequence,
            body: event.to_string().into_bytes(),
        })
    }
}
