//! Webhooks from the change on a board to the receiver, over real HTTP.

use cairn::values::Scope;
use cairn::values::id::{BoardId, ColumnId};
use cairn::webhooks::signature::SigningSecret;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::server::{Server, until};
use crate::support::sink::{self, Call, Sink};

mod addresses;
mod certificates;
mod crashes;
mod editing;
mod faults;
mod formats;
mod health;
mod limits;
mod listening;
mod live;
mod log;
mod measures;
mod names;
mod outage;
mod outages;
mod receivers;
mod recovery;
mod refused;
mod replays;
mod resends;
mod retention;
mod rotation;
mod signature_checks;
mod signatures;
mod stopping;
mod trials;
mod tries;
mod under_way;
mod verification;

/// The headers of a delivery, and none besides.
const HEADERS: [&str; 11] = [
    "accept",
    "cairn-delivery",
    "cairn-sequence",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
    "x-webhook-signature",
];

/// An account with a board, two columns and a card, and somebody who listens.
struct Scene {
    app: TestApp,
    account: Account,
    token: String,
    board: BoardId,
    columns: [ColumnId; 2],
    card: i64,
    sink: Sink,
}

/// An endpoint as it was answered when it was added.
struct Endpoint {
    id: String,
    secret: String,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let token = app.token(&account.owner, Scope::Admin).await.reveal().to_owned();
        let board = account.owner.create_board("Spring catalogue").await;
        let columns = [
            account.owner.add_column(board, "To do").await,
            account.owner.add_column(board, "Doing").await,
        ];
        let card = account.owner.add_card(board, columns[0], "Write the letter").await;
        Self { app, account, token, board, columns, card, sink: Sink::start().await }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let client = &self.account.owner.client;
        let request = client.request(method, &format!("/api/v1/northfold/{path}"));
        let request = request.bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        };
        client.send(request).await
    }

    async fn add(&self, path: &str, more: Value) -> Endpoint {
        let mut body = json!({ "url": self.sink.url(path), "events": ["*"] });
        let more = more.as_object().expect("fields").clone();
        body.as_object_mut().expect("fields").extend(more);
        let added = self.ask(Method::POST, "webhook_endpoints", Some(body)).await.expect(201);
        let text = |name: &str| added.json()[name].as_str().expect("a text").to_owned();
        Endpoint { id: text("id"), secret: text("secret") }
    }

    async fn move_to(&self, column: usize) {
        self.account.owner.move_card(self.card, self.columns[column]).await.expect(303);
    }

    /// An endpoint as it is now.
    async fn look(&self, endpoint: &Endpoint) -> Value {
        let path = format!("webhook_endpoints/{}", endpoint.id);
        self.ask(Method::GET, &path, None).await.expect(200).json()
    }

    /// What was recorded of a kind, the oldest first.
    async fn events(&self, kind: &str) -> Vec<Value> {
        let path = format!("events?after=0&limit=1000&kind={kind}");
        let answer = self.ask(Method::GET, &path, None).await.expect(200);
        answer.json().as_array().expect("a list").clone()
    }

    /// The deliveries of an endpoint, the newest first.
    async fn deliveries(&self, endpoint: &Endpoint) -> Vec<Value> {
        let path = format!("webhook_endpoints/{}/deliveries", endpoint.id);
        let answer = self.ask(Method::GET, &path, None).await.expect(200);
        answer.json().as_array().expect("a list").clone()
    }

    /// Waits until the newest delivery stands like this after so many tries.
    async fn stands(&self, endpoint: &Endpoint, status: &str, attempts: i64) -> Value {
        until("a delivery to stand so", async || {
            let newest = self.deliveries(endpoint).await.into_iter().next()?;
            (newest["status"] == status && newest["attempts"] == attempts).then_some(newest)
        })
        .await
    }

    /// Makes what is to be tried later due now: nobody waits for hours here.
    async fn hurry(&self) {
        for statement in [
            "update webhook_deliveries set due_at = now() where status = 'pending'",
            "update webhook_due set due_at = now()",
        ] {
            sqlx::query(statement).execute(self.app.pool()).await.expect("what is due later");
        }
    }
}

#[track_caller]
fn is_signed(call: &Call, secret: &str) {
    let secret = SigningSecret::parse(secret).expect("a secret");
    let timestamp = call.header("webhook-timestamp").parse().expect("seconds");
    let standard = secret.standard(call.header("webhook-id"), timestamp, &call.body);
    assert_eq!(call.header("webhook-signature"), standard);
    assert_eq!(call.header("x-webhook-signature"), secret.plain(&call.body));
}

#[tokio::test]
async fn a_move_is_called_out_signed_with_the_event_as_the_api_gives_it() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    is_signed(&call, &endpoint.secret);
    let mut names: Vec<&str> = call.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, HEADERS);

    let path = format!("events?after=0&limit=1000&board_id={}", scene.board);
    let events = scene.ask(Method::GET, &path, None).await.expect(200).json();
    let mut event = events.as_array().expect("a list").last().expect("an event").clone();
    let sequence = event.as_object_mut().expect("fields").remove("sequence").expect("a number");
    assert_eq!(call.json(), event, "the log gives what was sent");
    assert_eq!(call.json()["event"], "card.moved");
    assert_eq!(call.header("webhook-id"), event["id"].as_str().expect("an id"));
    assert_eq!(call.header("cairn-sequence"), sequence.to_string());
    let delivered = scene.stands(&endpoint, "delivered", 1).await;
    assert_eq!(delivered["response_code"], 204);
    scene.app.finish().await;
}

#[tokio::test]
async fn deliveries_of_an_endpoint_are_numbered_without_gaps() {
    let scene = Scene::set().await;
    let cards = json!({ "events": ["card.*"] });
    let one = scene.add("/one", cards.clone()).await;
    let other = scene.add("/other", cards).await;
    for turn in 0..4 {
        scene.move_to((turn + 1) % 2).await;
    }
    scene.sink.has(8).await;
    for endpoint in [&one, &other] {
        let numbers: Vec<Value> =
            scene.deliveries(endpoint).await.iter().map(|it| it["number"].clone()).collect();
        assert_eq!(numbers, [4, 3, 2, 1]);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_id_and_bytes() {
    let scene = Scene::set().await;
    let redirect = sink::Answer::With(302, "location", scene.sink.url("/elsewhere"));
    scene.sink.will_answer([sink::Answer::Status(500), redirect]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    let pending = scene.stands(&endpoint, "pending", 1).await;
    assert_eq!(pending["response_code"], 500);
    assert!(pending["next_at"].is_string(), "{pending}");
    scene.hurry().await;
    scene.stands(&endpoint, "pending", 2).await;
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 3).await;

    let calls = scene.sink.calls();
    assert_eq!(calls.len(), 3, "a redirect is not followed");
    for call in &calls {
        is_signed(call, &endpoint.secret);
        assert_eq!(call.path, "/hook");
        assert_eq!(call.body, calls[0].body);
        assert_eq!(call.header("webhook-id"), calls[0].header("webhook-id"));
        assert_eq!(call.header("cairn-delivery"), "1");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn the_tenth_failure_is_the_last() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500), sink::Answer::Status(500)]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    let nine = sqlx::query("update webhook_deliveries set attempts = 9");
    nine.execute(scene.app.pool()).await.expect("eight tries more");
    scene.hurry().await;
    scene.stands(&endpoint, "failed", 10).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_asks_to_wait_uses_up_no_try() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::With(429, "retry-after", "3600".to_owned())]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    let postponed = until("the answer", async || {
        let newest = scene.deliveries(&endpoint).await.into_iter().next()?;
        (newest["response_code"] == 429).then_some(newest)
    })
    .await;
    assert_eq!((&postponed["status"], &postponed["attempts"]), (&json!("pending"), &json!(0)));
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 1).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_endpoint_hears_only_of_what_it_chose() {
    let scene = Scene::set().await;
    let elsewhere = scene.account.owner.create_board("Another").await;
    scene.add("/comments", json!({ "events": ["comment.added"] })).await;
    scene.add("/board", json!({ "board_ids": [scene.board] })).await;
    scene.move_to(1).await;
    scene.account.owner.comment(scene.card, "It reads well.").await.expect(303);
    scene.account.owner.add_column(elsewhere, "Elsewhere").await;
    let calls = scene.sink.has(3).await;
    let mut heard: Vec<(String, String)> = calls
        .iter()
        .map(|call| (call.path.clone(), call.json()["event"].as_str().expect("a name").to_owned()))
        .collect();
    heard.sort();
    let expected =
        [("/board", "card.moved"), ("/board", "comment.added"), ("/comments", "comment.added")];
    assert_eq!(heard, expected.map(|(path, name)| (path.to_owned(), name.to_owned())));
    scene.app.finish().await;
}

#[tokio::test]
async fn one_that_hangs_delays_no_other() {
    let scene = Scene::set().await;
    scene.sink.will_answer((0..8).map(|_| sink::Answer::Hang));
    let hanging = scene.add("/hangs", json!({})).await;
    for turn in 0..10 {
        scene.move_to((turn + 1) % 2).await;
    }
    // As many as one endpoint may have under way hang; the two more wait their turn.
    scene.sink.has(8).await;
    scene.add("/quick", json!({})).await;
    scene.move_to(1).await;
    let ninth = scene.sink.has(9).await.pop().expect("nine calls");
    assert_eq!(ninth.path, "/quick");
    // The server would wait for those that hang when it is stopped.
    until("those that hang to be given up", async || {
        let deliveries = scene.deliveries(&hanging).await;
        deliveries.iter().all(|it| it["attempts"].as_i64() > Some(0)).then_some(())
    })
    .await;
    let removed = format!("webhook_endpoints/{}", hanging.id);
    scene.ask(Method::DELETE, &removed, None).await.expect(204);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_removed_endpoint_is_owed_nothing_more_and_keeps_its_log() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    let path = scene.account.owner.path(&format!("webhooks/{}", endpoint.id));
    scene.account.owner.client.submit(Method::DELETE, &path, &[]).await.expect(303);
    scene.move_to(0).await;
    scene.hurry().await;

    let ended = scene.stands(&endpoint, "failed", 1).await;
    assert_eq!(ended["error_message"], "The endpoint was removed.");
    assert_eq!(scene.deliveries(&endpoint).await.len(), 1);
    let page = scene.account.owner.client.get(&path).await.expect(200);
    assert!(page.body.contains("Removed"), "{}", page.body);
    scene.account.owner.client.submit(Method::DELETE, &path, &[]).await.expect(404);
    let listed = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200);
    assert_eq!(listed.json(), json!([]));
    assert_eq!(scene.sink.calls().len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_owed_before_a_kill_is_delivered_after_it() {
    let mut scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Hang]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.sink.has(1).await;
    scene.app.server.kill().await;
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    scene.app.server = Server::start_at(&scene.app.database.url().await, &bind).await;
    // The lease of the killed process would end by itself.
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 1).await;
    let calls = scene.sink.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].header("webhook-id"), calls[1].header("webhook-id"));
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_refused_owes_nothing() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    scene.account.owner.rename_card(scene.card, " ").await.expect(422);
    scene.move_to(0).await;
    let unknown = ColumnId::from(Uuid::nil());
    scene.account.owner.move_card(scene.card, unknown).await;
    assert_eq!(scene.deliveries(&endpoint).await, Vec::<Value>::new());
    scene.app.finish().await;
}
