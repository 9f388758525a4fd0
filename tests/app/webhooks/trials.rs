//! Before it is for real: counting what an endpoint would have heard, and trying it out.

use super::*;
use crate::support::sink::Answer;

/// The words of an error in a field.
#[track_caller]
fn error_in(answer: &crate::support::client::Answer, field: &str) -> String {
    let problem = answer.json();
    let errors = problem["errors"].as_array().expect("errors").iter();
    let found = errors.filter(|error| error["field"] == field).map(|error| &error["message"]);
    found.map(|message| message.as_str().expect("words").to_owned()).collect()
}

impl Scene {
    async fn count(&self, body: Value) -> crate::support::client::Answer {
        self.ask(Method::POST, "webhook_dry_runs", Some(body)).await
    }

    async fn test(&self, endpoint: &Endpoint, with: Value) -> crate::support::client::Answer {
        let path = format!("webhook_endpoints/{}/tests", endpoint.id);
        self.ask(Method::POST, &path, Some(with)).await
    }
}

#[tokio::test]
async fn a_dry_run_counts_what_would_have_been_sent() {
    let scene = Scene::set().await;
    scene.move_to(1).await;
    scene.move_to(0).await;
    let other = scene.account.owner.create_board("Autumn").await;
    let old = "update activities set created_at = created_at - interval '8 days'
               where subject_type = 'column_added'";
    sqlx::query(old).execute(scene.app.pool()).await.expect("columns of long ago");

    let counted = scene.count(json!({ "events": ["card.*", "column.*"] })).await.expect(200).json();
    let moved = json!({ "event": "card.moved", "count": 2 });
    let added = json!({ "event": "card.added", "count": 1 });
    assert_eq!(counted, json!({ "days": 7, "total": 3, "events": [moved, added] }));
    let on = |board: BoardId| json!({ "events": ["*"], "board_ids": [board] });
    assert_eq!(scene.count(on(scene.board)).await.expect(200).json()["total"], 4);
    assert_eq!(scene.count(on(other)).await.expect(200).json()["total"], 1);

    let closed = "update boards set access = 'chosen' where id = $1";
    sqlx::query(closed).bind(scene.board.uuid()).execute(scene.app.pool()).await.expect("a board");
    let all = scene.count(json!({ "events": ["card.*"] })).await.expect(200).json();
    assert_eq!(all["total"], 0, "only who names a private board hears of it");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_dry_run_says_what_is_wrong_with_names() {
    let scene = Scene::set().await;
    for (names, words) in [
        (json!([]), "Choose at least one event."),
        (json!(["card.**"]), "A star stands for all of a noun"),
        (json!(["card.moved", "card.flown", "car.moved"]), "“car.moved”, “card.flown”"),
    ] {
        let refused = scene.count(json!({ "events": names })).await.expect(422);
        assert!(error_in(&refused, "events").contains(words), "{}", refused.body);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn the_forms_count_and_save_nothing() {
    let scene = Scene::set().await;
    let (owner, endpoint) = (&scene.account.owner, scene.add("/hook", json!({})).await);
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    let fields = [("url", "https://example.com/x"), ("events", "card.moved"), ("dry_run", "yes")];
    let page = owner.post("webhooks", &fields).await.expect(200);
    assert!(page.body.contains("it would have been called <b>1</b> time."), "{}", page.body);
    assert!(page.body.contains("https://example.com/x"), "what was typed is kept");
    let path = format!("webhooks/{}", endpoint.id);
    let page = owner.patch(&path, &fields).await.expect(200);
    assert!(page.body.contains("it would have been called <b>1</b> time."), "{}", page.body);
    let wrong = [("url", ""), ("events", "card.**"), ("dry_run", "yes")];
    let page = owner.post("webhooks", &wrong).await.expect(422);
    assert!(page.body.contains("id=\"events_error\""), "{}", page.body);
    assert_eq!(scene.look(&endpoint).await["events"], json!(["*"]));
    let all = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200).json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_example_is_sent_as_the_real_thing_and_leaves_nothing_behind() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.sink.will_answer([Answer::Status(500)]);
    let tried = scene.test(&endpoint, json!({ "event": "comment.added" })).await.expect(200).json();
    assert_eq!(tried["response_code"], 500);
    assert!(tried["error_message"].as_str().is_some_and(|it| it.contains("500")), "{tried}");

    let call = scene.sink.has(1).await.remove(0);
    is_signed(&call, &endpoint.secret);
    assert_eq!(call.header("cairn-test"), "true");
    assert!(call.headers.get("cairn-delivery").is_none(), "{call:?}");
    assert!(call.headers.get("cairn-sequence").is_none(), "{call:?}");
    assert_eq!(call.json()["event"], "comment.added");
    assert_eq!(call.json()["account"]["slug"], "northfold");
    assert_eq!(call.header("webhook-id"), call.json()["id"].as_str().expect("an id"));
    assert_eq!(tried["event_id"], call.json()["id"]);

    scene.test(&endpoint, json!({ "event": "comment.added" })).await.expect(200);
    let again = scene.sink.has(2).await.remove(1);
    assert_ne!(again.header("webhook-id"), call.header("webhook-id"));
    let now = scene.look(&endpoint).await;
    assert_eq!(now["health"]["failures"], 0, "{now}");
    assert_eq!(scene.deliveries(&endpoint).await, Vec::<Value>::new());
    scene.move_to(1).await;
    assert_eq!(scene.stands(&endpoint, "delivered", 1).await["number"], 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_real_event_keeps_its_id_and_bytes() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    let first = scene.sink.has(1).await.remove(0);
    let sequence: i64 = first.header("cairn-sequence").parse().expect("a number");
    let tried = scene.test(&endpoint, json!({ "sequence": sequence })).await.expect(200).json();
    assert_eq!((&tried["response_code"], &tried["error_message"]), (&json!(204), &Value::Null));
    let call = scene.sink.has(2).await.remove(1);
    is_signed(&call, &endpoint.secret);
    assert_eq!(
        (call.body.clone(), call.header("cairn-sequence")),
        (first.body.clone(), first.header("cairn-sequence"))
    );
    assert_eq!(call.header("webhook-id"), first.header("webhook-id"));
    // What nobody was owed has no frozen bytes; it reads as the log gives it.
    scene.test(&endpoint, json!({ "sequence": sequence - 1 })).await.expect(200);
    assert_eq!(scene.sink.has(3).await[2].json()["event"], "webhook.endpoint_added");

    for (with, field) in [
        (json!({ "sequence": 9_999 }), "event"),
        (json!({ "event": "card.flown" }), "event"),
        (json!({}), "event"),
        (json!({ "event": "card.moved", "sequence": 1 }), "event"),
    ] {
        let refused = scene.test(&endpoint, with).await.expect(422);
        assert!(!error_in(&refused, field).is_empty(), "{}", refused.body);
    }
    let closed = "update boards set access = 'chosen' where id = $1";
    sqlx::query(closed).bind(scene.board.uuid()).execute(scene.app.pool()).await.expect("a board");
    let seen = "insert into board_accesses (account_id, board_id, user_id, created_at)
                values ($1, $2, $3, now())";
    let owner = &scene.account.owner.actor;
    let chosen = sqlx::query(seen)
        .bind(owner.account.id.uuid())
        .bind(scene.board.uuid())
        .bind(owner.user_id.uuid());
    chosen.execute(scene.app.pool()).await.expect("an access");
    let refused = scene.test(&endpoint, json!({ "sequence": sequence })).await.expect(422);
    assert!(error_in(&refused, "event").contains("private board"), "{}", refused.body);
    assert_eq!(scene.sink.calls().len(), 3);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_page_shows_at_once_what_came_of_it() {
    let scene = Scene::set().await;
    let (owner, endpoint) = (&scene.account.owner, scene.add("/hook", json!({})).await);
    let path = format!("webhooks/{}/tests", endpoint.id);
    let page = owner.get(&path).await.expect(200);
    assert!(page.body.contains("card.added · Olive"), "{}", page.body);
    let page = owner.post(&path, &[("event", "card.closed")]).await.expect(200);
    assert!(page.body.contains("Answered <b>204</b>"), "{}", page.body);
    scene.sink.will_answer([Answer::Status(401)]);
    let page = owner.post(&path, &[("event", "card.closed")]).await.expect(200);
    assert!(page.body.contains("It was not taken"), "{}", page.body);
    owner.post(&path, &[("event", "none")]).await.expect(422);
    owner
        .client
        .submit(Method::DELETE, &owner.path(&format!("webhooks/{}", endpoint.id)), &[])
        .await
        .expect(303);
    owner.post(&path, &[("event", "card.closed")]).await.expect(404);
    scene.app.finish().await;
}
