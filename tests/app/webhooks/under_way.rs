//! What changes while a delivery is under way.

use std::sync::Arc;

use cairn::values::clock;
use tokio::sync::Notify;

use super::*;

/// A delivery that is under way until the test says how it ends.
async fn under_way(scene: &Scene, status: u16) -> (Endpoint, Arc<Notify>) {
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let told = Arc::<Notify>::default();
    scene.sink.will_answer([sink::Answer::Once(Arc::clone(&told), status)]);
    scene.move_to(1).await;
    scene.sink.has(1).await;
    (endpoint, told)
}

async fn attempts(scene: &Scene) -> i64 {
    let count = sqlx::query_scalar("select count(*) from webhook_attempts");
    count.fetch_one(scene.app.pool()).await.expect("a count")
}

#[tokio::test]
async fn what_was_sent_to_an_endpoint_that_was_removed_meanwhile_is_not_recorded() {
    let scene = Scene::set().await;
    let (endpoint, told) = under_way(&scene, 200).await;
    let watching = scene.add("/watching", json!({ "events": ["card.*"] })).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    told.notify_one();
    // What is recorded after it shows that it was passed over.
    scene.move_to(0).await;
    scene.stands(&watching, "delivered", 1).await;
    let ended = scene.stands(&endpoint, "failed", 0).await;
    assert_eq!(ended["error_message"], "The endpoint was removed.");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_under_way_when_an_endpoint_is_switched_off_ends_as_it_would() {
    let scene = Scene::set().await;
    let (endpoint, told) = under_way(&scene, 200).await;
    scene.sink.will_answer([sink::Answer::Status(410)]);
    scene.move_to(0).await;
    until("it to be switched off", async || {
        (scene.look(&endpoint).await["active"] == false).then_some(())
    })
    .await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "held", 0).await;
    told.notify_one();
    until("the first delivery to end", async || {
        let first = scene.deliveries(&endpoint).await.pop().expect("three deliveries");
        (first["status"] == "delivered").then_some(())
    })
    .await;
    assert_eq!(scene.sink.calls().len(), 2, "what is held is not sent");
    scene.app.finish().await;
}

#[tokio::test]
async fn of_two_workers_with_one_delivery_the_earlier_cannot_record() {
    let scene = Scene::set().await;
    let (endpoint, told) = under_way(&scene, 500).await;
    // Its lease ends, as if it had been out of its wits for a minute, and another one takes over.
    let mut other = Server::start(&scene.app.database.url().await).await;
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 1).await;
    told.notify_one();
    // The late 500 has been dealt with when what came after it is recorded, by either worker.
    for turn in 0..4 {
        scene.move_to(turn % 2).await;
        scene.stands(&endpoint, "delivered", 1).await;
    }
    assert!(other.stop().await.success());
    let deliveries = scene.deliveries(&endpoint).await;
    assert_eq!(deliveries.len(), 5);
    for delivery in &deliveries {
        assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
    }
    let health = scene.look(&endpoint).await["health"].clone();
    assert_eq!(health["failures"], 0, "the late failure says nothing of the endpoint");
    assert_eq!(attempts(&scene).await, 5, "one try of each is recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_retry_says_the_time_of_the_retry() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    let earlier = "update webhook_deliveries set created_at = created_at - interval '10 minutes'";
    sqlx::query(earlier).execute(scene.app.pool()).await.expect("an older delivery");
    scene.hurry().await;
    let calls = scene.sink.has(2).await;
    let said: i64 = calls[1].header("webhook-timestamp").parse().expect("seconds");
    let now = clock::now().unix_timestamp();
    assert!((now - said).abs() < 60, "said {said}, it is {now}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_receiver_may_ask_to_wait_until_a_date_but_not_for_ever() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let date = "Fri, 31 Dec 9999 23:59:59 GMT".to_owned();
    for (code, retry_after, at_least, at_most) in [
        (503, date, 86_000, 86_401),
        (429, "99999999999".to_owned(), 86_000, 86_401),
        (503, "0".to_owned(), 3, 6),
    ] {
        scene.sink.will_answer([sink::Answer::With(code, "retry-after", retry_after)]);
        scene.move_to(1).await;
        let newest = until("the answer", async || {
            let newest = scene.deliveries(&endpoint).await.into_iter().next()?;
            (newest["response_code"] == code).then_some(newest)
        })
        .await;
        assert_eq!((&newest["status"], &newest["attempts"]), (&json!("pending"), &json!(0)));
        let form = &time::format_description::well_known::Rfc3339;
        let next = time::OffsetDateTime::parse(newest["next_at"].as_str().expect("a time"), form);
        let wait = next.expect("a time") - clock::now();
        let seconds = wait.whole_seconds();
        assert!((at_least..=at_most).contains(&seconds), "{code}: {seconds} s");
        sqlx::query("delete from webhook_deliveries")
            .execute(scene.app.pool())
            .await
            .expect("none");
        scene.move_to(0).await;
        scene.stands(&endpoint, "delivered", 1).await;
    }
    // What cannot be a wait is a failure like any other.
    scene.sink.will_answer([sink::Answer::With(503, "retry-after", "-5".to_owned())]);
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_page_and_the_api_tell_of_each_try() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::With(500, "x-why", "tired".to_owned())]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    let delivery = scene.stands(&endpoint, "pending", 1).await;
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 2).await;
    let path = format!("webhook_endpoints/{}/deliveries", endpoint.id);
    let id = delivery["id"].as_str().expect("an id");
    let tries = scene.ask(Method::GET, &format!("{path}/{id}/attempts"), None).await.expect(200);
    let tries = tries.json();
    assert_eq!((&tries[0]["fault"], &tries[0]["response_code"]), (&json!("status"), &json!(500)));
    assert_eq!(tries[0]["error_message"], "The answer was 500 Internal Server Error.");
    assert_eq!(tries[0]["next_at"], delivery["next_at"]);
    assert_eq!(tries[0]["address"], "127.0.0.1");
    assert!(tries[0]["first_byte_milliseconds"].is_number(), "{tries}");
    let sent = tries[0]["request_headers"].as_str().expect("lines");
    let signature = scene.sink.calls()[0].header("webhook-signature").to_owned();
    assert!(sent.contains(&format!("webhook-signature: {}…\n", &signature[..8])), "{sent}");
    assert!(!sent.contains(&signature), "{sent}");
    let answered = tries[0]["response_headers"].as_str().expect("lines");
    assert!(answered.contains("x-why: tired\n"), "{answered}");
    assert_eq!((&tries[1]["fault"], &tries[1]["next_at"]), (&Value::Null, &Value::Null));
    let nobody = Uuid::nil();
    scene.ask(Method::GET, &format!("{path}/{nobody}/attempts"), None).await.expect(404);
    let owner = &scene.account.owner;
    let page = owner.get(&format!("webhooks/{}", endpoint.id)).await.expect(200);
    assert!(page.body.contains("Dialled <span class=\"mono\">127.0.0.1</span>"), "{}", page.body);
    assert!(page.body.contains("x-why: tired"), "{}", page.body);
    assert!(!page.body.contains(&signature), "{}", page.body);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_still_waits_when_its_board_becomes_private_is_not_sent() {
    let scene = Scene::set().await;
    let stranger = scene.add("/stranger", json!({ "events": ["card.moved"] })).await;
    let named = json!({ "events": ["card.moved"], "board_ids": [scene.board.to_string()] });
    let friend = scene.add("/friend", named).await;
    let later = || sink::Answer::With(503, "retry-after", "3600".to_owned());
    scene.sink.will_answer([later(), later()]);
    scene.move_to(1).await;
    scene.sink.has(2).await;
    for endpoint in [&stranger, &friend] {
        until("it to wait for an hour", async || {
            let newest = scene.deliveries(endpoint).await.into_iter().next()?;
            (newest["response_code"] == 503).then_some(())
        })
        .await;
    }
    let everyone = format!("boards/{}/accesses/everyone", scene.board);
    scene.account.owner.delete(&everyone).await.expect(303);
    scene.hurry().await;
    scene.stands(&friend, "delivered", 1).await;
    let skipped = scene.stands(&stranger, "skipped", 0).await;
    assert!(skipped["error_message"].as_str().is_some_and(|it| it.contains("private board")));
    let calls = scene.sink.calls();
    assert_eq!(calls.iter().filter(|call| call.path == "/stranger").count(), 1);
    assert_eq!(scene.look(&stranger).await["health"]["failures"], 0);
    scene.app.finish().await;
}
