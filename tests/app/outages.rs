//! What watchers miss while Postgres, a connection or a process fails: nothing.

use cairn::domain::cards;
use cairn::events::Log;
use cairn::values::Title;
use cairn::values::id::{BoardId, ColumnId};
use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use nix::sys::signal::{Signal, kill};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::backup::{TestFile, cairn};
use crate::support::app::{Account, PASSWORD};
use crate::support::client::Client;
use crate::support::data_dir::DataDir;
use crate::support::server::{Server, patiently, until};
use crate::support::{TestApp, TestDatabase};

/// How many sockets leave a server that stops.
const SOCKETS: usize = 400;

/// Somebody who has a board open, as the client of Rails does.
struct Watcher {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Watcher {
    /// Opens the socket and follows the board from where its page stands now.
    async fn of(client: &Client, board: &str) -> Self {
        Self::with_name(client, &name(client, board).await).await
    }

    async fn with_name(client: &Client, name: &str) -> Self {
        let address = format!("{}/cable", client.address().replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("an address");
        let cookies = client.cookies();
        let cookies: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert("cookie", HeaderValue::from_str(&cookies.join("; ")).expect("a header"));
        headers.insert("sec-websocket-protocol", HeaderValue::from_static("actioncable-v1-json"));
        let (socket, _) = connect_async(request).await.expect("a socket");
        let mut watcher = Self { socket };
        let identifier =
            json!({ "channel": "Turbo::StreamsChannel", "signed_stream_name": name }).to_string();
        let command = json!({ "command": "subscribe", "identifier": identifier }).to_string();
        watcher.socket.send(Message::text(command)).await.expect("an open socket");
        while watcher.hear().await.expect("a confirmation")["type"] != "confirm_subscription" {}
        watcher
    }

    /// The next message; none at the end.
    async fn hear(&mut self) -> Option<Value> {
        let next = async {
            loop {
                match self.socket.next().await? {
                    Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                    Ok(Message::Close(_)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        };
        patiently("a message", next).await
    }

    /// Waits for the last word.
    async fn goodbye(&mut self) -> Value {
        loop {
            let message = self.hear().await.expect("a word of goodbye");
            if message["type"] == "disconnect" {
                return message;
            }
        }
    }

    /// Waits for a fragment with these words; how many fragments told something before it did.
    async fn hears(&mut self, words: &str) -> usize {
        let mut before = 0;
        loop {
            let message = self.hear().await.expect("a cable that goes on");
            let Some(fragment) = message["message"].as_str() else { continue };
            if fragment.contains(words) {
                return before;
            }
            before += usize::from(!fragment.contains("presence"));
        }
    }
}

/// The signed name of a board’s stream, on its page as it is now.
async fn name(client: &Client, board: &str) -> String {
    let page = client.get(board).await.expect(200).body;
    let name = page.split("signed-stream-name=\"").nth(1).and_then(|it| it.split('"').next());
    name.expect("the name of the board’s stream").to_owned()
}

/// The last word of a server to a client of Rails.
fn goodbye(reason: &str, reconnect: bool) -> Value {
    json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect })
}

/// An account with a board.
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

    async fn watch(&self) -> Watcher {
        self.watch_at(self.app.server.address()).await
    }

    async fn watch_at(&self, server: &str) -> Watcher {
        let owner = &self.account.owner;
        let board = owner.path(&format!("boards/{}", self.board));
        Watcher::of(&owner.client.at(server), &board).await
    }

    /// A commit that nobody is told of: its process was killed before it could tell.
    async fn add_untold(&self, title: &str) {
        let log = Log::new(self.app.pool().clone(), Vec::new());
        let title = Title::parse(title).expect("a title");
        let added = cards::add(&log, &self.account.owner.actor, self.board, None, title);
        added.await.expect("a card");
    }
}

#[tokio::test]
async fn what_was_committed_by_a_process_that_told_nobody_is_told() {
    let scene = Scene::set().await;
    let mut watcher = scene.watch().await;
    for number in 1..=3 {
        let title = format!("Letter {number}");
        scene.add_untold(&title).await;
        assert_eq!(watcher.hears(&title).await, 0, "each is told, and told once");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn watchers_of_one_process_are_told_of_another_though_its_listening_is_cut() {
    let scene = Scene::set().await;
    let mut elsewhere = Server::start(&scene.app.database.url().await).await;
    let mut watcher = scene.watch_at(elsewhere.address()).await;
    for number in 1..=3 {
        cut_listening(&scene.app).await;
        let title = format!("Letter {number}");
        scene.account.owner.add_card(scene.board, scene.column, &title).await;
        assert_eq!(watcher.hears(&title).await, 0, "each is told, and told once");
    }
    listens_again(&scene.app).await;
    elsewhere.stop().await;
    scene.app.finish().await;
}

/// Cuts the connections over which processes listen to each other.
async fn cut_listening(app: &TestApp) {
    let cut = async || {
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query ilike 'listen %'",
        )
        .fetch_all(app.pool())
        .await
        .is_ok_and(|cut| !cut.is_empty())
        .then_some(())
    };
    until("somebody who listens", cut).await;
}

async fn listens_again(app: &TestApp) {
    let listeners = async || {
        let count: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
             where datname = current_database() and query ilike 'listen %'",
        )
        .fetch_one(app.pool())
        .await
        .expect("the list of connections");
        (count >= 2).then_some(())
    };
    until("both processes to listen again", listeners).await;
}

#[tokio::test]
async fn whoever_signed_out_while_nobody_listened_is_sent_away() {
    let scene = Scene::set().await;
    let mut elsewhere = Server::start(&scene.app.database.url().await).await;
    let mut watcher = scene.watch_at(elsewhere.address()).await;
    cut_listening(&scene.app).await;
    // As if its notification had been lost with the connection.
    sqlx::query("update sign_ins set revoked_at = now()")
        .execute(scene.app.pool())
        .await
        .expect("signed out");
    assert_eq!(watcher.goodbye().await, goodbye("unauthorized", false));
    elsewhere.stop().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn sockets_leave_a_server_that_stops_one_by_one_and_readiness_goes_first() {
    let scene = Scene::set().await;
    let mut server = Server::start(&scene.app.database.url().await).await;
    let watchers = join_all((0..SOCKETS).map(|_| scene.watch_at(server.address()))).await;
    let stranger = Client::new(server.address());
    let stopping = Instant::now();
    let unready = async {
        until("the server to be no longer ready", async || {
            let answer = stranger.get("/up").await;
            (answer.status == 503).then(|| stopping.elapsed())
        })
        .await
    };
    let leaving = join_all(
        watchers.into_iter().map(async |mut watcher| (watcher.goodbye().await, stopping.elapsed())),
    );
    let (status, unready, left) = tokio::join!(server.stop(), unready, leaving);
    assert!(status.success(), "it ended with {status}");
    assert!(left.iter().all(|(said, _)| *said == goodbye("server_restart", true)));
    let last = left.iter().map(|(_, at)| *at).max().expect("sockets");
    assert!(unready < last, "not ready after {unready:?}, the last socket left after {last:?}");
    let early = left.iter().filter(|(_, at)| *at < last / 2).count();
    assert!((SOCKETS / 10..SOCKETS * 9 / 10).contains(&early), "{early} left in the first half");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_page_from_before_a_restored_backup_loads_itself_anew() {
    let (scene, file) = (Scene::set().await, TestFile::new("epoch"));
    let owner = &scene.account.owner;
    let board = owner.path(&format!("boards/{}", scene.board));
    let (done, said) = cairn(["backup", file.path()], &scene.app.database.url().await).await;
    assert!(done, "{said}");
    owner.add_card(scene.board, scene.column, "Lost by the restore").await;
    let old = name(&owner.client, &board).await;

    let restored = TestDatabase::new().await;
    let (done, said) = cairn(["restore", file.path()], &restored.url().await).await;
    assert!(done, "{said}");
    let mut server = Server::start(&restored.url().await).await;
    let client = Client::new(server.address());
    client.get("/session").await.expect(200);
    let fields = [("email", owner.email.as_str()), ("password", PASSWORD)];
    client.submit(reqwest::Method::POST, "/session", &fields).await.expect(303);
    let mut watcher = Watcher::with_name(&client, &old).await;
    assert_eq!(watcher.hears("action=\"refresh\"").await, 0);
    server.stop().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn watchers_outlive_a_postgres_that_dies() {
    let data = DataDir::new("outage");
    let mut server = Server::spawn(data.command("on")).await;
    let line = server.printed(|line| line.starts_with("Sign in with one click: ")).await;
    let client = Client::new(server.address());
    let one_click = line.split(server.address()).nth(1).expect("an address of this server");
    client.get(one_click).await.expect(303);
    let board = a_board(&client).await;
    let mut watcher = Watcher::of(&client, &board).await;

    let first = data.postgres().expect("it runs");
    kill(first, Signal::SIGKILL).expect("it ran");
    until("another Postgres", async || data.postgres().filter(|other| *other != first)).await;
    let added = async || {
        let fields = [("title", "A letter after the outage")];
        let path = format!("{board}/cards");
        let answer = client.submit_plainly(&path, &fields).await;
        (answer.status == 303).then_some(())
    };
    until("a card to be added", added).await;
    assert_eq!(watcher.hears("A letter after the outage").await, 0, "it is told, and told once");
    assert!(server.stop().await.success());
}

/// The path of the first board that a person sees.
async fn a_board(client: &Client) -> String {
    let mut path = client.get("/").await.header("location").to_owned();
    for _ in 0..3 {
        let page = client.get(&path).await;
        if page.status == 200 {
            let links = page.body.split("href=\"").filter_map(|part| part.split('"').next());
            let mut boards = links.filter(|link| link.contains("/boards/") && link.len() > 40);
            return boards.next().expect("a board").to_owned();
        }
        path = page.header("location").to_owned();
    }
    panic!("no page at {path}");
}
