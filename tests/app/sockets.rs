//! The sockets of pages over real connections: what each client says and hears.

use cairn::values::Role;
use cairn::values::id::{BoardId, ColumnId};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;
use crate::support::server::patiently;

type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An account with a board, whose page its owner has open.
struct Scene {
    app: TestApp,
    account: Account,
    board: BoardId,
    column: ColumnId,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let board = account.owner.create_board("Spring catalogue").await;
        let column = account.owner.add_column(board, "To do").await;
        Self { app, account, board, column }
    }

    fn owner(&self) -> &Person {
        &self.account.owner
    }

    /// The signed names on the board's page as it is rendered now: the board, its feed, the person.
    async fn names(&self) -> Vec<String> {
        self.names_of(self.owner()).await
    }

    async fn names_of(&self, person: &Person) -> Vec<String> {
        let path = format!("/{}/boards/{}", self.account.slug, self.board);
        let page = person.client.get(&path).await.expect(200);
        let parts = page.body.split("signed-stream-name=\"").skip(1);
        parts.map(|part| part.split('"').next().expect("a name").to_owned()).collect()
    }

    /// Somebody adds a card.
    async fn add(&self, title: &str) {
        self.owner().add_card(self.board, self.column, title).await;
    }

    async fn open(&self, path: &str, protocols: &str, origin: &str) -> Result<WebSocket, Error> {
        self.open_as(self.owner(), path, protocols, origin).await
    }

    async fn open_as(
        &self,
        person: &Person,
        path: &str,
        protocols: &str,
        origin: &str,
    ) -> Result<WebSocket, Error> {
        let address = self.app.server.address().replacen("http", "ws", 1);
        let mut request = format!("{address}{path}").into_client_request().expect("an address");
        let cookies = person.client.cookies();
        let cookies: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert("cookie", HeaderValue::from_str(&cookies.join("; ")).expect("a header"));
        headers.insert("origin", HeaderValue::from_str(origin).expect("a header"));
        if !protocols.is_empty() {
            let protocols = HeaderValue::from_str(protocols).expect("a header");
            headers.insert("sec-websocket-protocol", protocols);
        }
        connect_async(request).await.map(|(socket, _)| socket)
    }

    async fn cable(&self, protocols: &str) -> WebSocket {
        self.open("/cable", protocols, self.app.server.address()).await.expect("a socket")
    }

    fn live(&self, path: &str, names: &[String]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(names.iter().map(|name| ("s", name)));
        format!("{path}?{}", query.finish())
    }
}

/// The next text of a socket, or none at its end.
async fn text(socket: &mut WebSocket) -> Option<String> {
    let next = async {
        loop {
            match socket.next().await? {
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    };
    patiently("a message", next).await
}

/// The next message of a cable that is no beat, and does not say who looks.
async fn said(socket: &mut WebSocket) -> Value {
    loop {
        let text = text(socket).await.expect("a cable that goes on");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        if value["type"] != "ping" && !text.contains("presence") {
            return value;
        }
    }
}

fn identifier(name: &str) -> String {
    json!({ "channel": "Turbo::StreamsChannel", "signed_stream_name": name }).to_string()
}

async fn say(socket: &mut WebSocket, what: &Value) {
    socket.send(Message::text(what.to_string())).await.expect("a socket that is open");
}

#[tokio::test]
async fn anycable_resumes_from_the_position_that_it_was_given() {
    let scene = Scene::set().await;
    let identifier = identifier(&scene.names().await[0]);
    let subscribe = |streams: Value| json!({ "command": "subscribe", "identifier": identifier, "history": { "since": 1, "streams": streams } });

    let mut socket = scene.cable("actioncable-v1-ext-json").await;
    let welcome = said(&mut socket).await;
    assert!(welcome["type"] == "welcome" && welcome["sid"].is_string(), "{welcome}");
    say(&mut socket, &subscribe(json!({}))).await;
    assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    let position = said(&mut socket).await;
    assert!(position["offset"].is_i64() && position["message"].is_string(), "{position}");
    assert_eq!(said(&mut socket).await["type"], "confirm_history");
    scene.add("Told as it happens").await;
    let told = said(&mut socket).await;
    assert!(told["message"].as_str().expect("HTML").contains("Told as it happens"), "{told}");
    assert_eq!(told["identifier"], identifier);
    drop(socket);

    scene.add("Missed meanwhile").await;
    let mut socket = scene.cable("actioncable-v1-ext-json").await;
    said(&mut socket).await;
    let stream = told["stream_id"].as_str().expect("an id");
    let at = json!({ "epoch": told["epoch"], "offset": told["offset"] });
    say(&mut socket, &subscribe(json!({ stream: at }))).await;
    assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    let missed = said(&mut socket).await;
    assert!(missed["message"].as_str().expect("HTML").contains("Missed meanwhile"), "{missed}");
    assert!(missed["offset"].as_i64() > told["offset"].as_i64(), "{missed}");
    assert_eq!(said(&mut socket).await["type"], "confirm_history");
    drop(socket);
    scene.app.finish().await;
}

#[tokio::test]
async fn rails_own_client_is_spoken_to_in_its_own_dialect() {
    let scene = Scene::set().await;
    let identifier = identifier(&scene.names().await[0]);
    let mut socket = scene.cable("actioncable-v1-json, actioncable-unsupported").await;
    assert_eq!(said(&mut socket).await, json!({ "type": "welcome" }));
    for _ in 0..2 {
        say(&mut socket, &json!({ "command": "subscribe", "identifier": identifier })).await;
        let confirmed = said(&mut socket).await;
        assert_eq!(confirmed, json!({ "identifier": identifier, "type": "confirm_subscription" }));
    }
    scene.add("Told as it happens").await;
    let told = said(&mut socket).await;
    assert_eq!(told.as_object().expect("an object").len(), 2, "{told}");
    drop(socket);
    scene.app.finish().await;
}

#[tokio::test]
async fn turbos_own_source_hears_fragments_and_what_it_missed() {
    let scene = Scene::set().await;
    let names = scene.names().await;
    scene.add("Between render and socket").await;
    let path = scene.live("/live", &names);
    let origin = scene.app.server.address();
    let mut socket = scene.open(&path, "", origin).await.expect("a socket");
    let missed = text(&mut socket).await.expect("what was missed");
    assert!(missed.starts_with("<turbo-stream ") && missed.contains("Between render"), "{missed}");
    scene.add("Told as it happens").await;
    loop {
        let told = text(&mut socket).await.expect("a socket that goes on");
        assert!(told.starts_with("<turbo-stream "), "{told}");
        if told.contains("Told as it happens") {
            break;
        }
    }
    drop(socket);
    scene.app.finish().await;
}

#[tokio::test]
async fn server_sent_events_resume_where_they_were_cut() {
    let scene = Scene::set().await;
    let path = scene.live("/live/sse", &scene.names().await);
    let client = &scene.owner().client;
    scene.add("Before the cut").await;
    let mut answer = client.request(Method::GET, &path).send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let (mut heard, mut last) = (String::new(), String::new());
    let hearing = async {
        while last.is_empty() || !heard.contains("Told as it happens") {
            let chunk = answer.chunk().await.expect("a stream").expect("a stream that goes on");
            let chunk = String::from_utf8_lossy(&chunk).into_owned();
            if heard.is_empty() {
                scene.add("Told as it happens").await;
            }
            heard += &chunk;
            let mut ids = chunk.lines().filter_map(|line| line.strip_prefix("id: "));
            last = ids.next_back().unwrap_or(&last).to_owned();
        }
    };
    patiently("the fragments and a position", hearing).await;
    assert!(heard.contains("data: <turbo-stream ") && heard.contains("Before the cut"), "{heard}");
    drop(answer);

    scene.add("Missed meanwhile").await;
    let again = client.request(Method::GET, &path).header("last-event-id", &last);
    let mut answer = again.send().await.expect("an answer");
    let mut missed = String::new();
    let hearing = async {
        while !missed.contains("Missed meanwhile") {
            let chunk = answer.chunk().await.expect("a stream").expect("a stream that goes on");
            missed += &String::from_utf8_lossy(&chunk);
        }
    };
    patiently("what was missed", hearing).await;
    let lines = missed.matches("class=\"activity\"").count();
    assert_eq!(lines, 1, "only what was missed is told again: {missed}");
    drop(answer);
    scene.app.finish().await;
}

#[tokio::test]
async fn signing_out_ends_the_sockets_of_that_sign_in_at_once() {
    let scene = Scene::set().await;
    let identifier = identifier(&scene.names().await[0]);
    let mut socket = scene.cable("actioncable-v1-json").await;
    said(&mut socket).await;
    say(&mut socket, &json!({ "command": "subscribe", "identifier": identifier })).await;
    assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    scene.owner().client.submit(Method::DELETE, "/session", &[]).await.expect(303);
    let goodbye = said(&mut socket).await;
    let expected = json!({ "type": "disconnect", "reason": "unauthorized", "reconnect": false });
    assert_eq!(goodbye, expected);
    assert_eq!(text(&mut socket).await, None);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_flood_closes_the_socket_that_it_comes_from_and_no_other() {
    let scene = Scene::set().await;
    let (mut loud, mut quiet) =
        (scene.cable("actioncable-v1-json").await, scene.cable("actioncable-v1-json").await);
    said(&mut loud).await;
    said(&mut quiet).await;
    let message = json!({ "command": "message", "identifier": "x", "data": "{}" });
    for _ in 0..2_000 {
        if loud.send(Message::text(message.to_string())).await.is_err() {
            break;
        }
    }
    // It is told why, unless what it still says meets a closed door first.
    while let Some(text) = text(&mut loud).await {
        assert!(text.contains("ping") || text.contains("too_many_requests"), "{text}");
    }
    say(&mut quiet, &json!({ "command": "subscribe", "identifier": "nonsense" })).await;
    assert_eq!(said(&mut quiet).await["type"], "reject_subscription");
    drop((loud, quiet));
    scene.app.finish().await;
}

#[tokio::test]
async fn another_site_opens_no_socket_and_strangers_hear_nothing() {
    let scene = Scene::set().await;
    let path = scene.live("/live", &scene.names().await);
    for (path, protocols) in [("/cable", "actioncable-v1-json"), (path.as_str(), "")] {
        let refused = scene.open(path, protocols, "https://elsewhere.example").await;
        let Err(Error::Http(answer)) = refused else { panic!("{path} was opened") };
        assert_eq!(answer.status().as_u16(), 403);
    }
    let stranger = scene.app.stranger();
    stranger.get(&scene.live("/live/sse", &[])).await.expect(401);
    assert_eq!(stranger.get("/live").await.status, StatusCode::BAD_REQUEST);
    scene.app.finish().await;
}

/// Waits until a source is told who is present, in such words.
async fn presence(socket: &mut WebSocket, is_so: impl Fn(&str) -> bool) {
    loop {
        let told = text(socket).await.expect("a socket that goes on");
        if told.contains(r#"target="presence""#) && is_so(&told) {
            return;
        }
    }
}

#[tokio::test]
async fn whoever_looks_is_seen_and_is_gone_with_their_page() {
    let scene = Scene::set().await;
    let origin = scene.app.server.address();
    let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
    let path = scene.live("/live", &scene.names().await);
    let mut watching = scene.open(&path, "", origin).await.expect("a socket");
    presence(&mut watching, |told| told.contains("Olive Marsh")).await;
    let path = scene.live("/live", &scene.names_of(&tomas).await);
    let coming = scene.open_as(&tomas, &path, "", origin).await.expect("a socket");
    presence(&mut watching, |told| told.contains("Tomas Lindqvist")).await;
    let board = format!("/{}/boards/{}", scene.account.slug, scene.board);
    let page = tomas.client.get(&board).await.expect(200);
    assert!(page.body.contains("Here now:"), "a page knows it from the first");
    drop(coming);
    presence(&mut watching, |told| !told.contains("Tomas Lindqvist")).await;
    drop(watching);
    scene.app.finish().await;
}
