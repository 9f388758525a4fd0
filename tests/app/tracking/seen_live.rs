//! Who has seen a card, in open pages: told while they look, in every process, only where it is shown; and
//! what comes live while somebody looks is seen.

use cairn::tracking::{self, EventType, Noted, Thing, Trackable, TrackableType, Tracker};
use cairn::values::id::CardId;
use cairn::values::{Role, Tracked};
use reqwest::{Method, Response};
use sqlx::postgres::PgListener;
use tokio::sync::broadcast::error::TryRecvError;

use super::{Scene, miscounted, report, view_of};
use crate::support::people::Person;
use crate::support::server::{Server, patiently};

/// Somebody who has the card open.
struct Watcher {
    stream: Response,
    heard: String,
}

impl Watcher {
    /// Opens it at a server, and follows the first stream of its page.
    async fn open(scene: &Scene, person: &Person, server: &Server) -> Self {
        let client = person.client.at(server.address());
        let path = person.path(&format!("cards/{}", scene.number));
        let page = client.get(&path).await.expect(200).body;
        let name = page.split("signed-stream-name=\"").nth(1).and_then(|it| it.split('"').next());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("s", name.expect("a name")).finish();
        let request = client.request(Method::GET, &format!("/live/sse?{query}"));
        let stream = request.header("origin", client.address()).send().await.expect("an answer");
        assert_eq!(stream.status(), 200);
        Self { stream, heard: String::new() }
    }

    /// Waits until it is told that somebody has seen the card up to there.
    async fn is_told(&mut self, person: &Person, sequence: i64) {
        let words = format!("data-user=\"{}\" data-sequence=\"{sequence}\"", person.actor.user_id);
        patiently("who has seen it", async {
            while !self.heard.contains(&words) {
                let chunk = self.stream.chunk().await.expect("a stream").expect("that goes on");
                self.heard += &String::from_utf8_lossy(&chunk);
            }
        })
        .await;
    }
}

/// Notes that somebody has seen the card up to an activity.
async fn note(scene: &Scene, person: &Person, sequence: i64) {
    let (id, sequence) = (scene.card.to_string(), sequence.to_string());
    let fields = [("trackable_type", "Card"), ("trackable_id", &*id), ("sequence", &*sequence)];
    person.post("receipts", &fields).await.expect(204);
}

/// Up to where somebody has seen the card; none: it is not noted.
async fn seen(scene: &Scene, person: &Person) -> Option<i64> {
    sqlx::query_scalar("select sequence from receipts where user_id = $1 and trackable_id = $2")
        .bind(person.actor.user_id.uuid())
        .bind(scene.card)
        .fetch_optional(scene.app.pool())
        .await
        .expect("receipts")
}

#[tokio::test]
async fn open_pages_of_every_process_are_told_who_has_seen_the_card() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let mut second = Server::start(&scene.app.database.url().await).await;
    let mut watchers = [
        Watcher::open(&scene, &scene.tomas, &scene.app.server).await,
        Watcher::open(&scene, &scene.tomas, &second).await,
    ];
    for watcher in &mut watchers {
        watcher.is_told(&rowan, 0).await;
    }
    report(&rowan, &[view_of("Card", scene.card)]).await.expect(204);
    let head = scene.app.activities(&scene.account).await;
    for watcher in &mut watchers {
        watcher.is_told(&rowan, head).await;
    }
    // What comes while he looks he has seen, though he opens nothing.
    scene.olive().comment(scene.number, "It reads well.").await.expect(303);
    note(&scene, &rowan, head + 1).await;
    for watcher in &mut watchers {
        watcher.is_told(&rowan, head + 1).await;
    }
    assert_eq!(scene.stored().await, 1, "it is no view");
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    drop(watchers);
    assert!(second.stop().await.success());
    scene.app.finish().await;
}

#[tokio::test]
async fn a_look_tells_pages_of_whoever_looked_and_of_all_when_they_are_others() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let mut watcher = Watcher::open(&scene, &scene.tomas, &scene.app.server).await;
    watcher.is_told(&rowan, 0).await;
    let told_of_all =
        |watcher: &Watcher| watcher.heard.matches("data-seen-target=\"unseen\"").count();
    for _ in 0..3 {
        scene.olive().comment(scene.number, "It reads well.").await.expect(303);
        report(&rowan, &[view_of("Card", scene.card)]).await.expect(204);
        watcher.is_told(&rowan, scene.app.activities(&scene.account).await).await;
    }
    assert_eq!(told_of_all(&watcher), 2, "when the page began to look, and at the first look");
    let wren = scene.app.member(&scene.account, "Wren Hale", Role::Member).await;
    report(&wren, &[view_of("Card", scene.card)]).await.expect(204);
    watcher.is_told(&wren, scene.app.activities(&scene.account).await).await;
    assert_eq!(told_of_all(&watcher), 3, "there is somebody whom the page does not name");
    drop(watcher);
    scene.app.finish().await;
}

#[tokio::test]
async fn other_processes_hear_nothing_while_nobody_there_looks() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let mut listener = PgListener::connect_with(scene.app.pool()).await.expect("a connection");
    listener.listen("receipts").await.expect("a channel");
    let mut watcher = Watcher::open(&scene, &scene.tomas, &scene.app.server).await;
    watcher.is_told(&rowan, 0).await;
    // What is told the second time is told after whatever was hinted the first time.
    for _ in 0..2 {
        scene.olive().comment(scene.number, "It reads well.").await.expect(303);
        report(&rowan, &[view_of("Card", scene.card)]).await.expect(204);
        watcher.is_told(&rowan, scene.app.activities(&scene.account).await).await;
    }
    sqlx::query("notify receipts, 'the end'").execute(scene.app.pool()).await.expect("a hint");
    let first = patiently("a hint", listener.recv()).await.expect("a hint");
    assert_eq!(first.payload(), "the end");
    drop((watcher, listener));
    scene.app.finish().await;
}

#[tokio::test]
async fn nothing_is_said_of_whoever_is_hidden_nor_where_it_is_switched_off() {
    let scene = Scene::set().await;
    let (tracker, writer) = Tracker::start(cairn::db::own(scene.app.pool()));
    let mut said = tracker.noted();
    let mut shown = scene.tomas.actor.clone();
    shown.account.shows_receipts = true;
    let mut hidden = shown.clone();
    hidden.tracked = Tracked::Hidden;
    let card = Trackable { kind: TrackableType::Card, id: scene.card };
    let thing = Thing::Card(CardId::from(scene.card));
    let noted = Noted { account_id: shown.account.id, thing };
    for (actor, is_said) in [(&scene.tomas.actor, false), (&hidden, false), (&shown, true)] {
        scene.olive().comment(scene.number, "It reads well.").await.expect(303);
        let url = "https://cairn.example/northfold";
        let view = tracking::track(&tracker, actor, EventType::PageView, Some(card), url);
        view.await.expect("it is stored");
        let link = tracking::track(&tracker, actor, EventType::LinkClick, Some(card), url);
        link.await.expect("it is stored");
        let expected = if is_said { Ok(noted) } else { Err(TryRecvError::Empty) };
        assert_eq!(said.try_recv(), expected, "of a view by {:?}", actor.tracked);
        assert_eq!(said.try_recv(), Err(TryRecvError::Empty), "of a link");

        scene.olive().comment(scene.number, "And so on.").await.expect(303);
        let head = scene.app.activities(&scene.account).await;
        let has_seen = tracking::has_seen(&tracker, scene.app.pool(), actor, thing, head);
        has_seen.await.expect("it is noted");
        assert_eq!(said.try_recv(), expected, "of what came live to {:?}", actor.tracked);
        assert_eq!(seen(&scene, &scene.tomas).await, Some(head), "his own marks know of it");
    }
    drop(tracker);
    writer.await.expect("the writer ends");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_what_has_happened_to_what_was_opened_can_be_seen() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let head = scene.app.activities(&scene.account).await;
    note(&scene, &scene.tomas, head).await;
    assert_eq!(seen(&scene, &scene.tomas).await, None, "he never opened it");
    report(&scene.tomas, &[view_of("Card", scene.card)]).await.expect(204);
    note(&scene, &scene.tomas, head + 100).await;
    assert_eq!(seen(&scene, &scene.tomas).await, Some(head), "nothing has happened since");
    note(&scene, &scene.tomas, 1).await;
    assert_eq!(seen(&scene, &scene.tomas).await, Some(head), "what was seen stays seen");

    scene.olive().comment(scene.number, "It reads well.").await.expect(303);
    scene.tomas.patch("profile/tracking", &[("tracked", "off")]).await.expect(303);
    note(&scene, &scene.tomas, head + 1).await;
    assert_eq!(seen(&scene, &scene.tomas).await, Some(head), "nothing of his is recorded");
    let id = scene.card.to_string();
    for (kind, id, sequence) in
        [("Comment", &*id, "1"), ("Card", "142", "1"), ("Card", &*id, "soon"), ("", "", "")]
    {
        let fields = [("trackable_type", kind), ("trackable_id", id), ("sequence", sequence)];
        scene.olive().post("receipts", &fields).await.expect(422);
    }
    scene.app.finish().await;
}
