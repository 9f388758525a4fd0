//! The limit: an axum WebSocket loop in a process of its own that sends everybody who watches a
//! board the frames that Cairn sent, and nothing else.

use std::collections::HashMap;
use std::io::{self, BufRead as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::time::interval;

use super::again::Again;
use super::socket::now;

/// The word that makes this binary the loop.
pub(super) const BARE: &str = "bare";

/// How many frames a watcher may be behind.
const RING: usize = 256;

/// The buffer that each connection reads into, as small as Cairn's.
const READ_BUFFER: usize = 4 * 1024;

/// The loop, as the one sees it that started it.
pub(super) struct Bare {
    process: Again,
    /// Where it listens.
    pub(super) address: String,
}

/// Frames with their boards, to be sent at a pace.
#[derive(Serialize, Deserialize)]
struct Broadcast {
    frames: Vec<(usize, String)>,
    pace: Duration,
}

impl Bare {
    pub(super) async fn start() -> Self {
        let mut process = Again::start(BARE);
        let address = process.hear().await;
        Self { process, address }
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends frames; when each of them was.
    pub(super) async fn broadcast(
        &mut self,
        frames: Vec<(usize, String)>,
        pace: Duration,
    ) -> Vec<u64> {
        self.process.tell(&json!(Broadcast { frames, pace }).to_string()).await;
        serde_json::from_str(&self.process.hear().await).expect("when each was sent")
    }
}

/// Serves until whoever started it is gone.
pub(super) fn run() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let boards = Boards::default();
    runtime.block_on(serve(boards.clone()));
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let broadcast = serde_json::from_str(&line).expect("what to send");
        say(&json!(runtime.block_on(boards.send(broadcast))).to_string());
    }
}

fn say(line: &str) {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).expect("somebody listens");
}

async fn serve(boards: Boards) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    say(&listener.local_addr().expect("a port").to_string());
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a socket"));
    let router = Router::new().route("/cable", get(connect)).with_state(boards);
    tokio::spawn(async move { axum::serve(listener, router).await });
}

/// Who watches what.
#[derive(Clone, Default)]
struct Boards(Arc<Mutex<HashMap<usize, broadcast::Sender<Utf8Bytes>>>>);

impl Boards {
    fn sender(&self, board: usize) -> broadcast::Sender<Utf8Bytes> {
        let mut senders = self.0.lock().expect("nobody panics in here");
        senders.entry(board).or_insert_with(|| broadcast::channel(RING).0).clone()
    }

    async fn send(&self, broadcast: Broadcast) -> Vec<u64> {
        let mut turn = interval(broadcast.pace);
        let mut sent = Vec::new();
        for (board, frame) in broadcast.frames {
            turn.tick().await;
            let (sender, frame) = (self.sender(board), Utf8Bytes::from(frame));
            sent.push(now());
            sender.send(frame).expect("somebody watches");
        }
        sent
    }
}

#[derive(Deserialize)]
struct Watched {
    board: usize,
}

async fn connect(
    State(boards): State<Boards>,
    Query(Watched { board }): Query<Watched>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.protocols(["actioncable-v1-json"]);
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0);
    upgrade.on_upgrade(async move |socket| {
        // Whoever goes away is none of our business.
        let _ = converse(socket, &boards.sender(board)).await;
    })
}

/// Confirms whatever is said first, then sends what comes.
async fn converse(
    mut socket: WebSocket,
    sender: &broadcast::Sender<Utf8Bytes>,
) -> Result<(), axum::Error> {
    let _ = socket.recv().await.transpose()?;
    let mut frames = sender.subscribe();
    socket.send(Message::Text(r#"{"type":"confirm_subscription"}"#.into())).await?;
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let frame = frame.map_err(axum::Error::new)?;
                socket.send(Message::Text(frame)).await?;
            }
            message = socket.recv() => if message.transpose()?.is_none() { return Ok(()) },
        }
    }
}
