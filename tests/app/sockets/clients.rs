//! What each client says and hears when all goes well.

use cairn::values::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use super::scene::{Scene, WebSocket, identifier, said, say, text};
use crate::support::server::patiently;

#[tokio::test]
async fn anycable_resumes_from_the_position_that_it_was_given() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
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
    // What is told of an earlier moment may show it already.
    bystander.hears_of("Missed meanwhile").await;
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
    drop((socket, bystander));
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
async fn the_protocol_that_resumes_is_preferred_and_one_of_ours_is_needed() {
    let scene = Scene::set().await;
    let both = "actioncable-v1-json, actioncable-v1-ext-json, actioncable-unsupported";
    let welcome = said(&mut scene.cable(both).await).await;
    assert!(welcome["sid"].is_string(), "{welcome}");
    let origin = scene.app.server.address();
    for protocol in ["", "actioncable-unsupported", "actioncable-v2-json", "graphql-ws"] {
        let refused = scene.open("/cable", protocol, origin).await;
        let Err(Error::Http(answer)) = refused else { panic!("{protocol:?} was agreed on") };
        assert_eq!(answer.status().as_u16(), 400);
    }
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
    let coming = scene.open_as(&tomas, &path, "").await;
    presence(&mut watching, |told| told.contains("Tomas Lindqvist")).await;
    let board = format!("/{}/boards/{}", scene.account.slug, scene.board);
    let page = tomas.client.get(&board).await.expect(200);
    assert!(page.body.contains("Here now:"), "a page knows it from the first");
    drop(coming);
    presence(&mut watching, |told| !told.contains("Tomas Lindqvist")).await;
    drop(watching);
    scene.app.finish().await;
}
