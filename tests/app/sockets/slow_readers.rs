//! Sockets whose peer neither reads nor leaves: they cost what one fragment costs, and are let go.

use std::fs;
use std::time::Duration;

use cairn::live::Stream;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::scene::{RAILS, Scene, identifier, ours, say, subscribe};
use crate::support::server::until;

const READERS: usize = 48;

/// Cards of a column: so many that what is told of it is large, and soon fills what lies between
/// the program and its peer.
const CARDS: usize = 40;

/// A client that takes nothing is let go after half a minute; twice that is too long.
const LET_GO: Duration = Duration::from_secs(60);

/// What the program may hold besides: two copies of a ring, and what its allocator keeps at hand.
const OTHERWISE: usize = 24 * 1024 * 1024;

/// Follows the board and never reads again.
async fn slow_reader(scene: &Scene) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a small buffer");
    let address = scene.app.server.address().trim_start_matches("http://");
    let stream = socket.connect(address.parse().expect("an address")).await.expect("a server");
    let handshake = scene.handshake(scene.owner(), "/cable", RAILS);
    let (mut socket, _) = client_async(handshake, stream).await.expect("a socket");
    let name = ours(scene.owner(), Stream::Board(scene.board), scene.cursor().await);
    say(&mut socket, &subscribe(&identifier(&name))).await;
    socket
}

async fn open_sockets(scene: &Scene) -> usize {
    let metrics = scene.app.stranger().get("/metrics").await.expect(200);
    let mut lines = metrics.body.lines();
    let count = lines.find_map(|line| line.strip_prefix("cairn_live_sockets "));
    count.and_then(|count| count.parse().ok()).expect("a count of sockets")
}

/// The memory that the server holds, in bytes.
fn memory(scene: &Scene) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", scene.app.server.id()));
    let status = status.expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kibibytes = line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number");
    kibibytes * 1024
}

#[tokio::test]
async fn whoever_takes_nothing_costs_little_and_is_let_go() {
    let scene = Scene::set().await;
    let owner = scene.owner();
    let mut cards = Vec::new();
    for number in 0..CARDS {
        let title = format!("{number} {}", "\"".repeat(240));
        cards.push(owner.add_card(scene.board, scene.column, &title).await);
    }
    let mut bystander = scene.bystander().await;
    let mut moves = cards.iter().cycle();
    // Each moves the first card to the end, so that all of the column is told anew.
    let mut largest = 0;
    for _ in 0..8 {
        owner.move_card(*moves.next().expect("a card"), scene.column).await.expect(303);
        largest = largest.max(bystander.hears().await);
    }
    let before = memory(&scene);

    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(slow_reader(&scene).await);
    }
    until("all to follow", async || (open_sockets(&scene).await > READERS).then_some(())).await;
    // It is told on until all of them are let go.
    let (mut told, mut peak) = (0, before);
    let letting_go = async {
        while open_sockets(&scene).await > 1 {
            owner.move_card(*moves.next().expect("a card"), scene.column).await.expect(303);
            largest = largest.max(bystander.hears().await);
            told += largest;
            peak = peak.max(memory(&scene));
        }
    };
    timeout(LET_GO, letting_go).await.expect("slow readers are let go");
    // Each holds the message that it takes so long to send: written, and framed.
    let bound = READERS * 3 * largest + OTHERWISE;
    let (grown, queued) = (peak - before, READERS * told);
    println!("{largest} bytes a fragment, {told} told, {grown} grown, {bound} allowed");
    assert!(queued > 4 * bound, "too little was told to tell: {queued}");
    assert!(grown < bound, "{grown} bytes more for {READERS} slow readers, {bound} allowed");
    drop((readers, bystander));
    scene.app.finish().await;
}
