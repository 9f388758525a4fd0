//! A part of the log sent again: to a new endpoint, or what never arrived.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn::events::Log;
use cairn::events::kinds::card_moved;

use super::*;

/// Records many events at once, as somebody does in an hour.
async fn much_happens(scene: &Scene, count: usize) {
    let log = Log::new(scene.app.pool().clone(), Vec::new());
    let change = log.change(&scene.account.owner.actor.creator()).await.expect("a change");
    let events = (0..count).map(|_| (card_moved::KIND.example)()).collect();
    change.record_all(events).await.expect("they are recorded");
}

fn path(endpoint: &Endpoint, rest: &str) -> String {
    format!("webhook_endpoints/{}/{rest}", endpoint.id)
}

async fn start(scene: &Scene, endpoint: &Endpoint, span: Value) -> Value {
    let path = path(endpoint, "replays");
    scene.ask(Method::POST, &path, Some(span)).await.expect(201).json()
}

async fn count(scene: &Scene, endpoint: &Endpoint, span: Value) -> i64 {
    let path = path(endpoint, "replay_previews");
    let preview = scene.ask(Method::POST, &path, Some(span)).await.expect(200).json();
    preview["total"].as_i64().expect("a number")
}

/// Waits until a replay has ended, and all that it owes is done with.
async fn ended(scene: &Scene, endpoint: &Endpoint, replay: &Value) -> Value {
    let path = path(endpoint, &format!("replays/{}", replay["id"].as_str().expect("an id")));
    until("the replay to end", async || {
        let replay = scene.ask(Method::GET, &path, None).await.expect(200).json();
        (replay["ended_at"].is_string() && waiting(scene).await == 0).then_some(())
    })
    .await;
    scene.ask(Method::GET, &path, None).await.expect(200).json()
}

async fn waiting(scene: &Scene) -> i64 {
    let waiting = "select count(*) from webhook_deliveries where status in ('pending', 'held')";
    sqlx::query_scalar(waiting).fetch_one(scene.app.pool()).await.expect("a count")
}

async fn settle(scene: &Scene, status: &str, number: i64) {
    let query = "update webhook_deliveries set status = $1 where number = $2";
    let settled = sqlx::query(query).bind(status).bind(number).execute(scene.app.pool()).await;
    settled.expect("another status");
}

fn ids(calls: &[Call]) -> BTreeSet<String> {
    calls.iter().map(|call| call.header("webhook-id").to_owned()).collect()
}

#[tokio::test]
async fn a_new_endpoint_is_sent_what_happened_before_it_was_there() {
    let scene = Scene::set().await;
    scene.move_to(1).await;
    let endpoint = scene.add("/hook", json!({ "events": ["*"] })).await;
    let told = [scene.events("card.added").await, scene.events("card.moved").await].concat();
    let span = json!({ "events": ["card.*"] });
    assert_eq!(count(&scene, &endpoint, span.clone()).await, 2);
    let replay = start(&scene, &endpoint, span).await;
    let calls = scene.sink.has(2).await;
    let replay = ended(&scene, &endpoint, &replay).await;
    assert_eq!([&replay["total"], &replay["owed"], &replay["delivered"]], [2, 2, 2], "{replay}");
    assert_eq!(replay["progress"], 1.0, "{replay}");
    for told in &told {
        let id = told["id"].as_str().expect("an id");
        let call = calls.iter().find(|call| call.header("webhook-id") == id).expect("it came");
        let mut told = told.clone();
        told.as_object_mut().expect("fields").remove("sequence");
        assert_eq!(call.json(), told, "the same as the log says");
        assert_eq!(call.header("cairn-replay"), "true");
        is_signed(call, &endpoint.secret);
    }
    let numbers: BTreeSet<&str> = calls.iter().map(|call| call.header("cairn-delivery")).collect();
    assert_eq!(numbers, BTreeSet::from(["1", "2"]));
    scene.move_to(0).await;
    let next = &scene.sink.has(3).await[2];
    assert_eq!(next.header("cairn-delivery"), "3", "what happens next goes on from there");
    assert!(!next.headers.contains_key("cairn-replay"));
    scene.app.finish().await;
}

#[tokio::test]
async fn only_what_never_arrived_is_sent() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    for column in [1, 0, 1] {
        scene.move_to(column).await;
    }
    let first = scene.sink.has(3).await;
    until("all of them to be recorded", async || (waiting(&scene).await == 0).then_some(())).await;
    settle(&scene, "failed", 2).await;
    settle(&scene, "skipped", 3).await;
    let which = |which: &str| json!({ "which": which });
    assert_eq!(count(&scene, &endpoint, which("all")).await, 3);
    assert_eq!(count(&scene, &endpoint, which("failed")).await, 1);
    assert_eq!(count(&scene, &endpoint, which("missing")).await, 2);
    let replay = start(&scene, &endpoint, json!({})).await;
    let calls = scene.sink.has(5).await;
    ended(&scene, &endpoint, &replay).await;
    let sent = |number: &str| {
        let call = first.iter().find(|call| call.header("cairn-delivery") == number);
        call.expect("it was sent").clone()
    };
    let missing = [sent("2"), sent("3")];
    assert_eq!(ids(&calls[3..]), ids(&missing));
    for call in &calls[3..] {
        let id = call.header("webhook-id");
        let before = missing.iter().find(|call| call.header("webhook-id") == id).expect("it");
        assert_eq!(call.body, before.body, "the very bytes");
    }
    assert_eq!(count(&scene, &endpoint, which("missing")).await, 0, "now nothing is missing");
    let statuses: Vec<Value> =
        scene.deliveries(&endpoint).await.iter().map(|it| it["status"].clone()).collect();
    assert_eq!(statuses, ["delivered", "delivered", "skipped", "failed", "delivered"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_replay_goes_on_after_its_server_was_killed_and_owes_nothing_twice() {
    let mut scene = Scene::set().await;
    much_happens(&scene, 450).await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"], "rate_limit": 500 })).await;
    let replay = start(&scene, &endpoint, json!({})).await;
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    for calls in [20, 220] {
        scene.sink.has(calls).await;
        scene.app.server.kill().await;
        // The leases of the one that was killed would end by themselves.
        scene.hurry().await;
        scene.app.server = Server::start_at(&scene.app.database.url().await, &bind).await;
    }
    let replay = ended(&scene, &endpoint, &replay).await;
    assert_eq!([&replay["owed"], &replay["delivered"]], [450, 450], "{replay}");
    assert_eq!(ids(&scene.sink.calls()).len(), 450);
    let query = "select count(*), count(distinct event_id), max(number) from webhook_deliveries";
    let counted: (i64, i64, i64) =
        sqlx::query_as(query).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(counted, (450, 450, 450), "each once, without a gap");
    scene.app.finish().await;
}

#[tokio::test]
async fn few_of_it_wait_at_once_and_what_waits_is_skipped_when_it_is_canceled() {
    let scene = Scene::set().await;
    much_happens(&scene, 450).await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    let go_on = Arc::new(tokio::sync::Notify::new());
    scene.sink.will_answer((0..64).map(|_| sink::Answer::Once(Arc::clone(&go_on), 204)));
    let replay = start(&scene, &endpoint, json!({})).await;
    let owed = until("as much to wait as may", async || {
        let waiting = waiting(&scene).await;
        (waiting >= 200).then_some(waiting)
    })
    .await;
    assert_eq!(owed, 200, "no more of a replay wait");
    let again = scene.ask(Method::POST, &path(&endpoint, "replays"), Some(json!({}))).await;
    assert!(again.expect(422).body.contains("A replay to this endpoint is under way"));
    let id = replay["id"].as_str().expect("an id");
    let its = path(&endpoint, &format!("replays/{id}"));
    scene.ask(Method::DELETE, &its, None).await.expect(204);
    scene.ask(Method::DELETE, &its, None).await.expect(422);
    until("the calls under way to be released", async || {
        go_on.notify_waiters();
        (waiting(&scene).await == 0).then_some(())
    })
    .await;
    let replay = ended(&scene, &endpoint, &replay).await;
    assert!(replay["canceled_at"].is_string(), "{replay}");
    let delivered = replay["delivered"].as_i64().expect("a number");
    assert!(delivered < 200, "{delivered} were sent");
    let skipped = "select count(*) from webhook_deliveries
                   where status = 'skipped' and error_message = 'Its replay was canceled.'";
    let skipped: i64 = sqlx::query_scalar(skipped).fetch_one(scene.app.pool()).await.expect("some");
    assert_eq!(skipped, replay["owed"].as_i64().expect("a number") - delivered);
    assert_eq!(scene.events("webhook.replay_canceled").await.len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_on_a_private_board_is_sent_to_those_who_name_it() {
    let scene = Scene::set().await;
    let board = format!("boards/{}/accesses/everyone", scene.board);
    scene.account.owner.delete(&board).await.expect(303);
    let cards = json!({ "events": ["card.*"] });
    let stranger = scene.add("/stranger", cards.clone()).await;
    let named = json!({ "events": ["card.*"], "board_ids": [scene.board.to_string()] });
    let friend = scene.add("/friend", named).await;
    assert_eq!(count(&scene, &stranger, json!({})).await, 0);
    let nothing = scene.ask(Method::POST, &path(&stranger, "replays"), Some(json!({}))).await;
    assert!(nothing.expect(422).body.contains("There is nothing of this to send."));
    let replay = start(&scene, &friend, json!({})).await;
    ended(&scene, &friend, &replay).await;
    assert!(scene.sink.calls().iter().all(|call| call.path == "/friend"));
    assert_eq!(scene.sink.calls().len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said_beside_its_field() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    let other = Uuid::nil();
    for (span, field) in [
        (json!({ "since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z" }), "until"),
        (json!({ "since": "2026-11-02T00:00:00Z", "until": "2026-11-02T00:00:00Z" }), "until"),
        (json!({ "since": "2999-01-01T00:00:00Z" }), "since"),
        (json!({ "events": ["card.**"] }), "events"),
        (json!({ "events": ["card.flown"] }), "events"),
        (json!({ "board_ids": [other] }), "board_ids"),
        (json!({}), "which"),
    ] {
        let answer = scene.ask(Method::POST, &path(&endpoint, "replays"), Some(span.clone())).await;
        let problem = answer.expect(422).json();
        assert_eq!(problem["errors"][0]["field"], field, "{span}: {problem}");
    }
    for span in [json!({ "since": "soon" }), json!({ "which": "some" }), json!({ "from": 1 })] {
        let answer = scene.ask(Method::POST, &path(&endpoint, "replays"), Some(span.clone())).await;
        assert!(answer.status.is_client_error(), "{span}: {answer:?}");
    }
    for rest in ["replays/none", &format!("replays/{other}")] {
        scene.ask(Method::GET, &path(&endpoint, rest), None).await.expect(404);
        scene.ask(Method::DELETE, &path(&endpoint, rest), None).await.expect(404);
    }
    assert!(scene.sink.calls().is_empty() && waiting(&scene).await == 0, "nothing is owed");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_arrived_long_ago_is_not_taken_for_missing() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    assert_eq!(count(&scene, &endpoint, json!({})).await, 1, "it is younger than what is known");
    let older = "update webhook_endpoints set created_at = now() - interval '40 days'";
    sqlx::query(older).execute(scene.app.pool()).await.expect("an older endpoint");
    let answer = scene.ask(Method::POST, &path(&endpoint, "replays"), Some(json!({}))).await;
    assert!(answer.expect(422).body.contains("What arrived is known for 30 days."));
    assert_eq!(count(&scene, &endpoint, json!({ "which": "all" })).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn on_its_page_it_is_counted_before_it_is_started() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let owner = &scene.account.owner;
    let path = format!("webhooks/{}/replays", endpoint.id);
    let fields = [("which", "missing"), ("since", ""), ("until", ""), ("events", "card.*")];
    let counted = [fields.as_slice(), &[("count", "yes")]].concat();
    let page = owner.post(&path, &counted).await.expect(200);
    assert!(page.body.contains("one event"), "{}", page.body);
    assert!(scene.sink.calls().is_empty());
    owner.post(&path, &fields).await.expect(303);
    scene.sink.has(1).await;
    until("it to be told on the page", async || {
        let page = owner.get(&path).await.expect(200);
        page.body.contains("1 of 1 arrived").then_some(())
    })
    .await;
    let wrong = [("which", "missing"), ("since", "2026-02-02"), ("until", "2026-02-01")];
    let page = owner.post(&path, &wrong).await.expect(422);
    assert!(page.body.contains("The span ends before it starts."), "{}", page.body);
    assert!(page.body.contains(r#"value="2026-02-02""#), "what was typed is kept");
    scene.app.finish().await;
}
