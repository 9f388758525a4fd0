//! One delivery sent again, by an admin who wishes it.

use std::sync::Arc;

use super::*;

async fn resend(scene: &Scene, endpoint: &Endpoint, delivery: &Value) -> Answer {
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("webhook_endpoints/{}/deliveries/{id}/resends", endpoint.id);
    scene.ask(Method::POST, &path, Some(json!({}))).await
}

#[tokio::test]
async fn what_has_ended_is_sent_as_a_new_delivery_with_the_same_bytes() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    let original = scene.stands(&endpoint, "delivered", 1).await;
    resend(&scene, &endpoint, &original).await.expect(201);
    let calls = scene.sink.has(2).await;
    assert_eq!(calls[0].body, calls[1].body);
    for (name, values) in [
        ("webhook-id", [calls[0].header("webhook-id"); 2]),
        ("cairn-sequence", [calls[0].header("cairn-sequence"); 2]),
        ("cairn-delivery", ["1", "2"]),
    ] {
        assert_eq!([calls[0].header(name), calls[1].header(name)], values, "{name}");
    }
    assert_eq!(calls[1].header("cairn-replay"), "true");
    is_signed(&calls[1], &endpoint.secret);
    until("the new one to be recorded", async || {
        let deliveries = scene.deliveries(&endpoint).await;
        let [again, first] = deliveries.as_slice() else { return None };
        assert_eq!(*first, original, "the original stays as it is");
        (again["status"] == "delivered").then_some(())
    })
    .await;
    let said = scene.events("webhook.delivery_resent").await;
    assert_eq!(said[0]["data"]["number"], 1, "{said:?}");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_waits_for_its_next_try_is_tried_at_once() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.sink.will_answer([sink::Answer::With(503, "retry-after", "3600".to_owned())]);
    scene.move_to(1).await;
    scene.sink.has(1).await;
    let waiting = until("it to wait for an hour", async || {
        let newest = scene.deliveries(&endpoint).await.into_iter().next()?;
        (newest["response_code"] == 503).then_some(newest)
    })
    .await;
    resend(&scene, &endpoint, &waiting).await.expect(201);
    let calls = scene.sink.has(2).await;
    assert_eq!(calls[1].header("cairn-delivery"), "1", "the same delivery");
    let delivered = scene.stands(&endpoint, "delivered", 1).await;
    assert_eq!(delivered["id"], waiting["id"]);
    assert_eq!(scene.deliveries(&endpoint).await.len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_under_way_or_held_or_of_another_endpoint_is_not_sent_again() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    let other = scene.add("/other", json!({ "events": ["board.*"] })).await;
    let go_on = Arc::new(tokio::sync::Notify::new());
    scene.sink.will_answer([sink::Answer::Once(Arc::clone(&go_on), 410)]);
    scene.move_to(1).await;
    scene.sink.has(1).await;
    let under_way = scene.deliveries(&endpoint).await.remove(0);
    let refused = resend(&scene, &endpoint, &under_way).await.expect(422);
    assert!(refused.body.contains("It is under way at this moment"), "{}", refused.body);
    resend(&scene, &other, &under_way).await.expect(404);
    go_on.notify_waiters();
    until("the endpoint to be gone", async || {
        (scene.look(&endpoint).await["active"] == false).then_some(())
    })
    .await;
    scene.move_to(0).await;
    let held = scene.stands(&endpoint, "held", 0).await;
    let refused = resend(&scene, &endpoint, &held).await.expect(422);
    assert!(refused.body.contains("It is held"), "{}", refused.body);
    assert_eq!(scene.sink.calls().len(), 1);
    let path = format!("webhook_endpoints/{}", endpoint.id);
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    resend(&scene, &endpoint, &under_way).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_on_a_board_that_became_private_stays_there() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    let delivered = scene.stands(&endpoint, "delivered", 1).await;
    let board = format!("boards/{}/accesses/everyone", scene.board);
    scene.account.owner.delete(&board).await.expect(303);
    let refused = resend(&scene, &endpoint, &delivered).await.expect(422);
    assert!(refused.body.contains("private board"), "{}", refused.body);
    assert_eq!(scene.sink.calls().len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn on_the_page_of_its_endpoint_a_button_sends_it_again() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    let delivered = scene.stands(&endpoint, "delivered", 1).await;
    let owner = &scene.account.owner;
    let path = format!("webhooks/{}", endpoint.id);
    let page = owner.get(&path).await.expect(200);
    let resends = format!("{path}/deliveries/{}/resends", delivered["id"].as_str().expect("an id"));
    assert!(page.body.contains(&format!("action=\"/northfold/{resends}\"")), "{}", page.body);
    owner.post(&resends, &[]).await.expect(303);
    scene.sink.has(2).await;
    until("the page to tell that it was sent again", async || {
        let page = owner.get(&path).await.expect(200);
        page.body.contains("number 2, sent again").then_some(())
    })
    .await;
    scene.app.finish().await;
}
