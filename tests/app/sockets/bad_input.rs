//! Text that is none, commands that nobody knows, floods: refused in the protocol’s own words, and
//! nobody else is told any later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::SinkExt as _;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::scene::{
    ANYCABLE, RAILS, Scene, WebSocket, connect, identifier, said, say, sent_away, subscribe, text,
};

/// What no client of ours would say.
fn nonsense() -> Vec<Message> {
    let long = |bytes: usize| subscribe(&identifier(&"x".repeat(bytes))).to_string();
    let texts = [
        String::new(),
        "subscribe me to everything".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "null".to_owned(),
        r#"{"command":"dance"}"#.to_owned(),
        r#"{"command":7}"#.to_owned(),
        r#"{"command":"subscribe","identifier":{}}"#.to_owned(),
        r#"{"command":"subscribe","identifier":"x""#.to_owned(),
        "[".repeat(60_000),
        long(5 * 1024),
        long(1024 * 1024),
    ];
    let texts = texts.into_iter().map(Message::text);
    texts.chain([Message::binary(r#"{"command":"ping"}"#), Message::binary("")]).collect()
}

#[tokio::test]
async fn what_is_no_command_ends_the_connection_that_it_comes_from() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    for protocol in [RAILS, ANYCABLE] {
        for message in nonsense() {
            let mut socket = scene.welcomed(protocol).await;
            // What is too long meets a closed door before all of it was said.
            let _ = socket.send(message).await;
            sent_away(&mut socket, "invalid_request").await;
        }
        bystander.hears_the_next_card(&scene).await;
    }
    drop(bystander);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_source_that_speaks_is_borne_until_it_floods() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    let path = scene.live("/live", &scene.names().await[..1]);
    let mut socket = scene.open_as(scene.owner(), &path, "").await;
    for message in [Message::text("hello"), Message::text("{}"), Message::binary("\0")] {
        socket.send(message).await.expect("a socket that is open");
    }
    scene.add("Told all the same").await;
    while !text(&mut socket).await.expect("a source that goes on").contains("Told all the same") {}
    flood(&mut socket, &Message::text("hello")).await;
    while let Some(text) = text(&mut socket).await {
        assert!(text.starts_with("<turbo-stream "), "{text}");
    }
    bystander.hears_the_next_card(&scene).await;
    drop(bystander);
    scene.app.finish().await;
}

/// Says the same until nobody listens any more.
async fn flood(socket: &mut WebSocket, message: &Message) {
    for _ in 0..4_000 {
        if socket.send(message.clone()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_flood_closes_the_socket_that_it_comes_from_and_no_other() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    let commands = [
        json!({ "command": "message", "identifier": "x", "data": "{}" }),
        subscribe("nonsense"),
        subscribe(&identifier("nonsense")),
    ];
    for command in commands {
        let mut quiet = scene.welcomed(RAILS).await;
        let mut loud = scene.welcomed(RAILS).await;
        flood(&mut loud, &Message::text(command.to_string())).await;
        // It is told why, unless what it still says meets a closed door first.
        while let Some(text) = text(&mut loud).await {
            let words = ["ping", "reject_subscription", "too_many_requests"];
            assert!(words.iter().any(|word| text.contains(word)), "{text}");
        }
        // The same person, by the same sign-in.
        say(&mut quiet, &subscribe("nonsense")).await;
        assert_eq!(said(&mut quiet).await["type"], "reject_subscription");
    }
    bystander.hears_the_next_card(&scene).await;
    drop(bystander);
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_says_too_much_is_told_so() {
    let scene = Scene::set().await;
    let mut socket = scene.welcomed(RAILS).await;
    let message = json!({ "command": "message", "identifier": "x", "data": "{}" });
    flood(&mut socket, &Message::text(message.to_string())).await;
    sent_away(&mut socket, "too_many_requests").await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_connection_follows_so_much_and_is_refused_more() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    let name = &scene.names().await[1];
    let numbered = |number: u32| {
        let identifier =
            json!({ "channel": "Turbo::StreamsChannel", "signed_stream_name": name, "n": number });
        identifier.to_string()
    };
    let mut socket = scene.welcomed(RAILS).await;
    for number in 0..64 {
        say(&mut socket, &subscribe(&numbered(number))).await;
        assert_eq!(said(&mut socket).await["type"], "confirm_subscription", "{number}");
    }
    for number in 64..96 {
        say(&mut socket, &subscribe(&numbered(number))).await;
        let refused = json!({ "identifier": numbered(number), "type": "reject_subscription" });
        assert_eq!(said(&mut socket).await, refused);
    }
    // One that is given up makes room for another.
    say(&mut socket, &json!({ "command": "unsubscribe", "identifier": numbered(0) })).await;
    say(&mut socket, &subscribe(&numbered(64))).await;
    assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    scene.add("Told sixty-four times").await;
    for _ in 0..64 {
        assert!(said(&mut socket).await["message"].is_string());
    }
    bystander.hears_of("Told sixty-four times").await;
    drop((socket, bystander));
    scene.app.finish().await;
}

/// So often it is measured how soon somebody is told.
const SAMPLES: usize = 9;

#[tokio::test]
async fn others_are_told_in_the_promised_second_whatever_a_crowd_says() {
    let scene = Arc::new(Scene::set().await);
    let mut bystander = scene.bystander().await;
    let is_over = Arc::<AtomicBool>::default();
    let crowd: Vec<_> =
        (0..4).map(|_| tokio::spawn(misbehave(Arc::clone(&scene), Arc::clone(&is_over)))).collect();
    let mut delays = Vec::new();
    for number in 0..SAMPLES {
        let title = format!("Amid the noise {number}");
        scene.add(&title).await;
        let committed = Instant::now();
        bystander.hears_of(&title).await;
        delays.push(committed.elapsed());
    }
    is_over.store(true, Ordering::Release);
    let mut turned_away = 0;
    for one in crowd {
        turned_away += one.await.expect("one of the crowd");
    }
    delays.sort_unstable();
    assert!(turned_away > 0, "there was no noise");
    assert!(delays[SAMPLES / 2] < Duration::from_secs(1), "{delays:?}");
    drop(bystander);
    let Ok(scene) = Arc::try_unwrap(scene) else { panic!("somebody is still there") };
    scene.app.finish().await;
}

/// Comes again and again with nonsense and floods; how often they were turned away.
async fn misbehave(scene: Arc<Scene>, is_over: Arc<AtomicBool>) -> u32 {
    let mut turned_away = 0;
    let loud = Message::text(subscribe(&identifier("nonsense")).to_string());
    for message in nonsense().iter().cycle() {
        if is_over.load(Ordering::Acquire) {
            break;
        }
        let handshake = scene.handshake(scene.owner(), "/cable", ANYCABLE);
        let mut socket = connect(handshake).await.expect("a socket");
        if turned_away % 2 == 0 {
            flood(&mut socket, &loud).await;
        }
        let _ = socket.send(message.clone()).await;
        while text(&mut socket).await.is_some() {}
        turned_away += 1;
    }
    turned_away
}
