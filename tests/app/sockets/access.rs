//! Who may follow what: names that are not theirs, other sites, channels, and cursors that cannot be.

use cairn::live::{Cursor, Name, Stream, signature};
use cairn::values::Role;
use cairn::values::id::BoardId;
use cairn::values::secret::KeyRing;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use super::ear::{Ear, Kind, REFRESH};
use super::scene::{
    ANYCABLE, RAILS, Scene, WebSocket, identifier, ours, said, say, signed, subscribe,
};
use crate::support::app::Account;
use crate::support::server::{SECRET_KEY, patiently};

/// Names that the program never signed.
async fn forged(scene: &Scene) -> Vec<String> {
    let cursor = scene.cursor().await;
    let good = ours(scene.owner(), Stream::Board(scene.board), cursor.clone());
    let (encoded, code) = good.split_once("--").expect("a signature");
    vec![
        String::new(),
        "--".to_owned(),
        format!("board:{}", scene.board),
        signed("another key", scene.owner(), Stream::Board(scene.board), cursor),
        encoded.to_owned(),
        format!("{encoded}--"),
        format!("{encoded}--{}", code.replace(['0', '1', '2', '3'], "f")),
        format!("{encoded}-{code}"),
        format!("{}--{code}", encoded.to_lowercase()),
        signature::sign(&KeyRing::new(SECRET_KEY.as_bytes(), None), "board:42@7"),
    ]
}

/// Names that the program could have signed, but not for the owner.
async fn of_others(scene: &Scene, southfold: &Account, their_board: BoardId) -> Vec<String> {
    let (owner, cursor) = (scene.owner(), scene.cursor().await);
    let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
    let abroad = Name::new(
        southfold.slug.clone(),
        Stream::AccountActivities,
        owner.actor.user_id,
        cursor.clone(),
    );
    vec![
        ours(&tomas, Stream::Board(scene.board), cursor.clone()),
        ours(owner, Stream::User(tomas.actor.user_id), cursor.clone()),
        ours(owner, Stream::Board(BoardId::new()), cursor.clone()),
        ours(owner, Stream::Board(their_board), cursor.clone()),
        ours(&southfold.owner, Stream::Board(their_board), cursor),
        signature::sign(&KeyRing::new(SECRET_KEY.as_bytes(), None), &abroad.to_string()),
    ]
}

#[tokio::test]
async fn a_cable_follows_no_name_that_is_not_its_persons() {
    let scene = Scene::set().await;
    let southfold = scene.app.account("southfold").await;
    let board = southfold.owner.create_board("Their own").await;
    let (forged, of_others) = (forged(&scene).await, of_others(&scene, &southfold, board).await);
    let own = identifier(&ours(scene.owner(), Stream::AccountActivities, scene.cursor().await));
    for protocol in [RAILS, ANYCABLE] {
        let mut socket = scene.welcomed(protocol).await;
        for name in &forged {
            let identifier = identifier(name);
            say(&mut socket, &subscribe(&identifier)).await;
            let refused = json!({ "identifier": identifier, "type": "reject_subscription" });
            assert_eq!(said(&mut socket).await, refused);
        }
        for name in &of_others {
            say(&mut socket, &subscribe(&identifier(name))).await;
            // Their page may be from before they lost it: it loads itself anew, and that is all.
            assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
            let refresh = said(&mut socket).await;
            assert!(is_refresh(&refresh), "{refresh}");
            assert_eq!(said(&mut socket).await["type"], "reject_subscription");
        }
        say(&mut socket, &subscribe(&own)).await;
        southfold.owner.add_column(board, &format!("Not for {protocol}")).await;
        scene.add(&format!("For {protocol}")).await;
        loop {
            let told = said(&mut socket).await;
            assert_eq!(told["identifier"], own, "{told}");
            if told["message"].to_string().contains(&format!("For {protocol}")) {
                break;
            }
        }
    }
    scene.app.finish().await;
}

fn is_refresh(told: &Value) -> bool {
    told["message"].as_str().is_some_and(|html| html.starts_with(REFRESH))
}

#[tokio::test]
async fn a_source_follows_no_name_that_is_not_its_persons() {
    let scene = Scene::set().await;
    let southfold = scene.app.account("southfold").await;
    let board = southfold.owner.create_board("Their own").await;
    let (mut forged, mut of_others) =
        (forged(&scene).await, of_others(&scene, &southfold, board).await);
    let own = ours(scene.owner(), Stream::AccountActivities, scene.cursor().await);
    forged.push(own.clone());
    of_others.push(own);
    for kind in [Kind::Live, Kind::ServerSent] {
        let deaf = Ear::open(&scene, kind, scene.owner(), None, &forged).await;
        let lost = Ear::open(&scene, kind, scene.owner(), None, &of_others).await;
        lost.hears(REFRESH).await;
        southfold.owner.add_column(board, &format!("Not for {kind:?}")).await;
        let title = format!("For {kind:?}");
        scene.add(&title).await;
        deaf.hears(&title).await;
        lost.hears(&title).await;
        for (ear, is_refreshed) in [(deaf, false), (lost, true)] {
            let heard = ear.heard().concat();
            assert!(!heard.contains("Not for") && !heard.contains("column_"), "{heard}");
            assert_eq!(heard.contains(REFRESH), is_refreshed, "{heard}");
        }
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn no_channel_chooses_a_weaker_check() {
    let scene = Scene::set().await;
    let good = scene.names().await.remove(0);
    let forged = format!("{good}0");
    let board = format!("board:{}", scene.board);
    let identifiers = [
        json!({ "channel": "Other", "signed_stream_name": good }),
        json!({ "channel": "", "signed_stream_name": good }),
        json!({ "channel": "turbo::streamschannel", "signed_stream_name": good }),
        json!({ "channel": ["Turbo::StreamsChannel"], "signed_stream_name": good }),
        json!({ "signed_stream_name": good }),
        json!({ "channel": "Turbo::StreamsChannel", "signed_stream_name": forged }),
        json!({ "channel": "$pubsub", "signed_stream_name": forged }),
        json!({ "channel": "$pubsub", "signed_stream_name": board }),
        // AnyCable would let anybody follow a public stream under its plain name.
        json!({ "channel": "$pubsub", "stream_name": board }),
        json!({ "channel": "$pubsub" }),
    ];
    for protocol in [RAILS, ANYCABLE] {
        let mut socket = scene.welcomed(protocol).await;
        for identifier in &identifiers {
            let identifier = identifier.to_string();
            say(&mut socket, &subscribe(&identifier)).await;
            let refused = json!({ "identifier": identifier, "type": "reject_subscription" });
            assert_eq!(said(&mut socket).await, refused);
        }
        let known = json!({ "channel": "$pubsub", "signed_stream_name": good }).to_string();
        say(&mut socket, &subscribe(&known)).await;
        assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn another_site_opens_no_socket_and_strangers_hear_nothing() {
    let scene = Scene::set().await;
    let path = scene.live("/live", &scene.names().await);
    let own = scene.app.server.address();
    let elsewhere = ["https://elsewhere.example", "null", "", &format!("{own}0")];
    for (path, protocol) in [("/cable", RAILS), ("/cable", ANYCABLE), (path.as_str(), "")] {
        for origin in elsewhere {
            let refused = scene.open(path, protocol, origin).await;
            let Err(Error::Http(answer)) = refused else { panic!("{path} opened for {origin:?}") };
            assert_eq!(answer.status().as_u16(), 403);
        }
        scene.open(path, protocol, own).await.expect("a socket");
    }
    let stranger = scene.app.stranger();
    stranger.get(&scene.live("/live/sse", &[])).await.expect(401);
    assert_eq!(stranger.get("/live").await.status, StatusCode::BAD_REQUEST);
    scene.app.finish().await;
}

/// Cursors that a page of ours cannot have.
async fn impossible(scene: &Scene) -> [Cursor; 3] {
    let now = scene.cursor().await;
    let future = Cursor { sequence: now.sequence + 1_000, ..now.clone() };
    let last = Cursor { sequence: i64::MAX, ..now.clone() };
    [future, last, Cursor { epoch: "elsewhere".to_owned(), ..now }]
}

#[tokio::test]
async fn a_page_with_an_impossible_cursor_is_asked_once_to_load_itself_anew() {
    let scene = Scene::set().await;
    for (number, cursor) in impossible(&scene).await.into_iter().enumerate() {
        let name = ours(scene.owner(), Stream::BoardActivities(scene.board), cursor);
        let identifier = identifier(&name);
        let mut socket = scene.welcomed(RAILS).await;
        say(&mut socket, &subscribe(&identifier)).await;
        assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
        let refresh = said(&mut socket).await;
        assert!(is_refresh(&refresh), "{refresh}");
        hears_next(&scene, &mut socket, &format!("After the first {number}")).await;

        let sources = [Kind::AnyCable, Kind::Live, Kind::ServerSent];
        for kind in sources {
            let names = std::slice::from_ref(&name);
            let ear = Ear::open(&scene, kind, scene.owner(), None, names).await;
            ear.hears(REFRESH).await;
            let title = format!("After {kind:?} {number}");
            scene.add(&title).await;
            ear.hears(&title).await;
        }
    }
    scene.app.finish().await;
}

/// What a cable is told next is of this card, and of nothing else.
async fn hears_next(scene: &Scene, socket: &mut WebSocket, title: &str) {
    scene.add(title).await;
    let told = said(socket).await;
    assert!(told["message"].to_string().contains(title), "{told}");
}

#[tokio::test]
async fn a_client_that_says_it_is_further_than_the_log_is_told_to_load_anew() {
    let scene = Scene::set().await;
    let [future, last, foreign] = impossible(&scene).await;
    let name = ours(scene.owner(), Stream::BoardActivities(scene.board), scene.cursor().await);
    let id = format!("board:{}:activities/{}", scene.board, nonce(&name));
    for (position, is_refreshed) in [(&future, true), (&last, true), (&foreign, false)] {
        let at = json!({ "epoch": position.epoch, "offset": position.sequence });
        let mut socket = scene.welcomed(ANYCABLE).await;
        let mut command = subscribe(&identifier(&name));
        command["history"] = json!({ "since": 1, "streams": { id.as_str(): at } });
        say(&mut socket, &command).await;
        assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
        let told = said(&mut socket).await;
        assert_eq!(is_refresh(&told), is_refreshed, "{position}: {told}");
        assert_eq!(said(&mut socket).await["type"], "confirm_history");

        let mut first = String::new();
        let path = scene.live("/live/sse", std::slice::from_ref(&name));
        let request = scene.owner().client.request(Method::GET, &path);
        let request = request.header("last-event-id", position.to_string());
        let mut answer = request.send().await.expect("an answer");
        let reading = async {
            // Who looks, and up to where all was told, comes right after what was missed.
            while !first.contains("\nid: ") {
                let chunk = answer.chunk().await.expect("a stream").expect("a stream that goes on");
                first += &String::from_utf8_lossy(&chunk);
            }
        };
        scene.add(&format!("So that something is told: {position}")).await;
        patiently("the first events", reading).await;
        assert_eq!(first.contains(REFRESH), is_refreshed, "{position}: {first}");
    }
    scene.app.finish().await;
}

/// What tells this rendering from others, out of a name that the program signed.
fn nonce(signed: &str) -> String {
    let name = signature::verify(&KeyRing::new(SECRET_KEY.as_bytes(), None), signed);
    let name: Name = name.and_then(|name| name.parse().ok()).expect("a name");
    name.nonce
}
