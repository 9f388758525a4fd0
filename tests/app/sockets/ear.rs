//! One who listens over each kind of socket, and keeps all that was heard.

use std::sync::{Arc, Mutex, MutexGuard};

use cairn::values::secret::Secret;
use futures_util::StreamExt as _;
use reqwest::header::AUTHORIZATION;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use super::scene::{
    ANYCABLE, RAILS, Scene, WebSocket, connect, identifier, put, said, say, subscribe,
};
use crate::support::client::http;
use crate::support::people::Person;
use crate::support::server::{patiently, until};

/// Asks a page to load itself anew.
pub const REFRESH: &str = r#"<turbo-stream action="refresh""#;

/// By which way somebody listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Rails,
    AnyCable,
    Live,
    ServerSent,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Rails, Self::AnyCable, Self::Live, Self::ServerSent];

    pub fn is_cable(self) -> bool {
        matches!(self, Self::Rails | Self::AnyCable)
    }
}

/// Somebody who listens, with all they have heard so far.
pub struct Ear {
    pub kind: Kind,
    heard: Arc<Mutex<Vec<String>>>,
    listening: JoinHandle<()>,
}

impl Ear {
    /// Follows the names as a page of a person would; with a token, as a program would.
    pub async fn open(
        scene: &Scene,
        kind: Kind,
        person: &Person,
        token: Option<&Secret>,
        names: &[String],
    ) -> Self {
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heard);
        // A fragment is read the same, whether it comes by itself or as a JSON string.
        let keep = move |text: String| lock(&kept).push(text.replace("\\\"", "\""));
        let listening = match kind {
            Kind::Rails => cable(scene, RAILS, person, token, names, keep).await,
            Kind::AnyCable => cable(scene, ANYCABLE, person, token, names, keep).await,
            Kind::Live => {
                let path = scene.live("/live", names);
                listen(socket(scene, &path, "", person, token).await, keep)
            }
            Kind::ServerSent => events(scene, person, token, names, keep).await,
        };
        Self { kind, heard, listening }
    }

    /// All that was heard so far.
    pub fn heard(&self) -> Vec<String> {
        lock(&self.heard).clone()
    }

    /// Waits until something like that was heard.
    pub async fn hears(&self, words: &str) {
        let what = format!("{words:?} over {:?}", self.kind);
        until(&what, async || self.heard().iter().any(|text| text.contains(words)).then_some(()))
            .await;
    }

    /// Waits until the connection has ended.
    pub async fn ends(&self) {
        let what = format!("the end of {:?}", self.kind);
        until(&what, async || self.listening.is_finished().then_some(())).await;
    }

    /// All that was heard until the connection ended.
    pub async fn until_the_end(self) -> Vec<String> {
        patiently("the end of a connection", self.listening).await.expect("a listener");
        lock(&self.heard).clone()
    }
}

fn lock(heard: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    heard.lock().expect("nobody panics in here")
}

/// A socket as a browser opens it; with a token, as a program does, which has no cookies.
async fn socket(
    scene: &Scene,
    path: &str,
    protocol: &str,
    person: &Person,
    token: Option<&Secret>,
) -> WebSocket {
    let mut request = scene.handshake(person, path, protocol);
    if let Some(token) = token {
        request.headers_mut().remove("cookie");
        put(&mut request, "authorization", &format!("Bearer {}", token.reveal()));
    }
    connect(request).await.expect("a socket")
}

async fn cable(
    scene: &Scene,
    protocol: &str,
    person: &Person,
    token: Option<&Secret>,
    names: &[String],
    keep: impl Fn(String) + Send + 'static,
) -> JoinHandle<()> {
    let mut socket = socket(scene, "/cable", protocol, person, token).await;
    assert_eq!(said(&mut socket).await["type"], "welcome");
    for name in names {
        say(&mut socket, &subscribe(&identifier(name))).await;
    }
    listen(socket, keep)
}

fn listen(mut socket: WebSocket, keep: impl Fn(String) + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Text(text) => keep(text.to_string()),
                Message::Close(_) => return,
                _ => {}
            }
        }
    })
}

async fn events(
    scene: &Scene,
    person: &Person,
    token: Option<&Secret>,
    names: &[String],
    keep: impl Fn(String) + Send + 'static,
) -> JoinHandle<()> {
    let path = scene.live("/live/sse", names);
    let request = match token {
        Some(token) => {
            let bearer = format!("Bearer {}", token.reveal());
            let request = http().get(format!("{}{path}", scene.app.server.address()));
            request.header(AUTHORIZATION, bearer)
        }
        None => person.client.request(reqwest::Method::GET, &path),
    };
    let mut answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    tokio::spawn(async move {
        while let Ok(Some(chunk)) = answer.chunk().await {
            keep(String::from_utf8_lossy(&chunk).into_owned());
        }
    })
}
