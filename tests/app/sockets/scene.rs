//! A board whose page is open, and the sockets of those who watch it.

use cairn::live::{Cursor, Name, Stream, signature};
use cairn::values::Role;
use cairn::values::id::{BoardId, ColumnId};
use cairn::values::secret::KeyRing;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;
use crate::support::server::{SECRET_KEY, patiently};

pub type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub const RAILS: &str = "actioncable-v1-json";
pub const ANYCABLE: &str = "actioncable-v1-ext-json";

/// An account with a board, whose page its owner has open.
pub struct Scene {
    pub app: TestApp,
    pub account: Account,
    pub board: BoardId,
    pub column: ColumnId,
}

impl Scene {
    pub async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let board = account.owner.create_board("Spring catalogue").await;
        let column = account.owner.add_column(board, "To do").await;
        Self { app, account, board, column }
    }

    pub fn owner(&self) -> &Person {
        &self.account.owner
    }

    /// The signed names on the board's page as it is rendered now: the board, its feed, the person.
    pub async fn names(&self) -> Vec<String> {
        self.names_of(self.owner()).await
    }

    pub async fn names_of(&self, person: &Person) -> Vec<String> {
        let path = format!("/{}/boards/{}", self.account.slug, self.board);
        let page = person.client.get(&path).await.expect(200);
        let parts = page.body.split("signed-stream-name=\"").skip(1);
        parts.map(|part| part.split('"').next().expect("a name").to_owned()).collect()
    }

    /// Where the log stands.
    pub async fn cursor(&self) -> Cursor {
        let epoch = cairn::db::epoch(self.app.pool()).await.expect("an epoch");
        Cursor { epoch, sequence: self.app.activities(&self.account).await }
    }

    /// Somebody adds a card.
    pub async fn add(&self, title: &str) {
        self.owner().add_card(self.board, self.column, title).await;
    }

    /// The handshake of a socket, with the cookies of a person.
    pub fn handshake(&self, person: &Person, path: &str, protocol: &str) -> Request {
        let address = self.app.server.address().replacen("http", "ws", 1);
        let mut request = format!("{address}{path}").into_client_request().expect("an address");
        let cookies = person.client.cookies();
        let cookies: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        put(&mut request, "cookie", &cookies.join("; "));
        put(&mut request, "origin", self.app.server.address());
        if !protocol.is_empty() {
            put(&mut request, "sec-websocket-protocol", protocol);
        }
        request
    }

    pub async fn open(&self, path: &str, protocol: &str, origin: &str) -> Result<WebSocket, Error> {
        let mut request = self.handshake(self.owner(), path, protocol);
        put(&mut request, "origin", origin);
        connect(request).await
    }

    pub async fn open_as(&self, person: &Person, path: &str, protocol: &str) -> WebSocket {
        connect(self.handshake(person, path, protocol)).await.expect("a socket")
    }

    pub async fn cable(&self, protocol: &str) -> WebSocket {
        self.open_as(self.owner(), "/cable", protocol).await
    }

    /// A cable that has been welcomed.
    pub async fn welcomed(&self, protocol: &str) -> WebSocket {
        let mut socket = self.cable(protocol).await;
        assert_eq!(said(&mut socket).await["type"], "welcome");
        socket
    }

    /// The address of a source that follows these names.
    pub fn live(&self, path: &str, names: &[String]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(names.iter().map(|name| ("s", name)));
        format!("{path}?{}", query.finish())
    }

    /// Somebody else who has the board open, and takes no part in what the others do.
    pub async fn bystander(&self) -> Bystander {
        let person = self.app.member(&self.account, "Wren Castillo", Role::Member).await;
        self.watched_by(&person).await
    }

    /// Somebody who has the board open and only looks.
    pub async fn watched_by(&self, person: &Person) -> Bystander {
        let names = self.names_of(person).await;
        let mut socket = self.open_as(person, "/cable", RAILS).await;
        assert_eq!(said(&mut socket).await["type"], "welcome");
        say(&mut socket, &subscribe(&identifier(&names[0]))).await;
        assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
        Bystander { socket, cards: 0 }
    }
}

/// Somebody who watches the same board meanwhile.
pub struct Bystander {
    socket: WebSocket,
    cards: u32,
}

impl Bystander {
    /// A card is added, and they are told of it, whatever else goes on.
    pub async fn hears_the_next_card(&mut self, scene: &Scene) {
        self.cards += 1;
        let title = format!("Seen by those who only look {}", self.cards);
        scene.add(&title).await;
        self.hears_of(&title).await;
    }

    /// They are told something; how many bytes of it.
    pub async fn hears(&mut self) -> usize {
        said(&mut self.socket).await["message"].as_str().expect("a fragment").len()
    }

    /// They are told of a card by its title.
    pub async fn hears_of(&mut self, title: &str) {
        while !said(&mut self.socket).await["message"].to_string().contains(title) {}
    }
}

/// Opens a socket.
pub async fn connect(request: Request) -> Result<WebSocket, Error> {
    connect_async(request).await.map(|(socket, _)| socket)
}

pub fn put(request: &mut Request, header: &'static str, value: &str) {
    request.headers_mut().insert(header, HeaderValue::from_str(value).expect("a header"));
}

/// The next text of a socket, or none at its end.
pub async fn text(socket: &mut WebSocket) -> Option<String> {
    patiently("a message", next(socket)).await
}

async fn next(socket: &mut WebSocket) -> Option<String> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return Some(text.to_string()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// The next message of a cable that is no beat, and does not say who looks.
pub async fn said(socket: &mut WebSocket) -> Value {
    let saying = async {
        loop {
            let text = next(socket).await.expect("a cable that goes on");
            let value: Value = serde_json::from_str(&text).expect("JSON");
            if value["type"] != "ping" && !text.contains("presence") {
                return value;
            }
        }
    };
    patiently("a message that is no beat", saying).await
}

/// It is said why the connection ends, that it is no use to come back, and then it ends.
pub async fn sent_away(socket: &mut WebSocket, reason: &str) {
    let goodbye = said(socket).await;
    let expected = json!({ "type": "disconnect", "reason": reason, "reconnect": false });
    assert_eq!(goodbye, expected);
    assert_eq!(text(socket).await, None);
}

pub async fn say<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, what: &Value) {
    socket.send(Message::text(what.to_string())).await.expect("a socket that is open");
}

pub fn identifier(name: &str) -> String {
    json!({ "channel": "Turbo::StreamsChannel", "signed_stream_name": name }).to_string()
}

pub fn subscribe(identifier: &str) -> Value {
    json!({ "command": "subscribe", "identifier": identifier })
}

/// A name as the program signs it, or as somebody with another key would.
pub fn signed(key: &str, person: &Person, stream: Stream, cursor: Cursor) -> String {
    let name = Name::new(person.actor.account.slug.clone(), stream, person.actor.user_id, cursor);
    signature::sign(&KeyRing::new(key.as_bytes(), None), &name.to_string())
}

/// A name that the program could have signed.
pub fn ours(person: &Person, stream: Stream, cursor: Cursor) -> String {
    signed(SECRET_KEY, person, stream, cursor)
}
