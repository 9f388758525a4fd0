//! Endpoints that fail, are switched off, and are switched on again.

use super::*;

/// Lets the tries that failed have failed for longer: nobody waits for days here.
async fn have_failed(scene: &Scene, endpoint: &Endpoint, failures: i32, since: &str) {
    let query = format!(
        "update webhook_health set failures = {failures}, failing_since = now() - interval '{since}'
         where endpoint_id = '{}'",
        endpoint.id
    );
    sqlx::query(&query).execute(scene.app.pool()).await.expect("an endpoint that failed");
}

/// Waits until an endpoint is in this state.
async fn is(scene: &Scene, endpoint: &Endpoint, status: &str) -> Value {
    until("an endpoint to be so", async || {
        let health = scene.look(endpoint).await["health"].clone();
        (health["status"] == status).then_some(health)
    })
    .await
}

#[tokio::test]
async fn one_that_fails_for_a_while_is_said_to_be_failing_once_until_it_answers() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let watching = scene.add("/watching", json!({ "events": ["webhook.*"] })).await;
    have_failed(&scene, &endpoint, 4, "10 minutes").await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.move_to(1).await;
    let health = is(&scene, &endpoint, "failing").await;
    assert_eq!(health["failures"], 5);
    let told = scene.stands(&watching, "delivered", 1).await;
    assert_eq!(told["event"], "webhook.endpoint_failing");

    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.hurry().await;
    scene.stands(&endpoint, "pending", 2).await;
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 3).await;
    let health = is(&scene, &endpoint, "well").await;
    assert_eq!((&health["failures"], &health["failing_since"]), (&json!(0), &Value::Null));
    let said = scene.events("webhook.endpoint_failing").await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0]["data"]["creator_id"], Value::Null);
    assert_eq!(said[0]["data"]["endpoint"]["url"], scene.sink.url("/hook"));
    scene.app.finish().await;
}

#[tokio::test]
async fn one_that_fails_for_days_is_switched_off_and_what_it_is_owed_is_held() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    have_failed(&scene, &endpoint, 9, "5 days").await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.move_to(1).await;
    let health = is(&scene, &endpoint, "disabled").await;
    assert_eq!(health["disabled_because"], "failing");
    scene.stands(&endpoint, "held", 1).await;
    scene.move_to(0).await;
    scene.stands(&endpoint, "held", 0).await;
    assert_eq!(scene.sink.calls().len(), 1, "one that is switched off is not called");
    assert_eq!(scene.look(&endpoint).await["active"], false);

    let path = scene.account.owner.path(&format!("webhooks/{}", endpoint.id));
    let page = scene.account.owner.client.get(&path).await.expect(200);
    assert!(page.body.contains("Send all of it, the oldest first"), "{}", page.body);
    let disablement = format!("{path}/disablement");
    scene.account.owner.client.submit(Method::DELETE, &disablement, &[]).await.expect(303);
    scene.account.owner.client.submit(Method::DELETE, &disablement, &[]).await.expect(404);
    scene.sink.has(3).await;
    scene.stands(&endpoint, "delivered", 1).await;
    is(&scene, &endpoint, "well").await;
    let statuses: Vec<Value> =
        scene.deliveries(&endpoint).await.iter().map(|it| it["status"].clone()).collect();
    assert_eq!(statuses, ["delivered", "delivered"]);
    assert_eq!(scene.events("webhook.endpoint_disabled").await.len(), 1);
    assert_eq!(scene.events("webhook.endpoint_enabled").await.len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn one_that_says_it_is_gone_is_switched_off_at_once() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.sink.will_answer([sink::Answer::Status(410)]);
    scene.move_to(1).await;
    let health = is(&scene, &endpoint, "disabled").await;
    assert_eq!(health["disabled_because"], "gone");
    scene.move_to(0).await;
    let held = scene.stands(&endpoint, "held", 0).await;
    let path = format!("webhook_endpoints/{}/disablement", endpoint.id);
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    let sent = scene.stands(&endpoint, "delivered", 1).await;
    assert_eq!(sent["id"], held["id"]);
    scene.ask(Method::DELETE, &path, None).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn one_that_is_removed_while_it_is_off_is_owed_nothing() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.sink.will_answer([sink::Answer::Status(410)]);
    scene.move_to(1).await;
    is(&scene, &endpoint, "disabled").await;
    scene.move_to(0).await;
    scene.stands(&endpoint, "held", 0).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    scene.stands(&endpoint, "failed", 0).await;
    scene.ask(Method::DELETE, &format!("{path}/disablement"), None).await.expect(404);
    assert_eq!(scene.sink.calls().len(), 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_forgotten_between_switching_on_and_sending_is_sent_by_the_next_start() {
    let mut scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.sink.will_answer([sink::Answer::Status(410)]);
    scene.move_to(1).await;
    is(&scene, &endpoint, "disabled").await;
    scene.move_to(0).await;
    scene.stands(&endpoint, "held", 0).await;
    scene.app.server.kill().await;
    sqlx::query("update webhook_disablements set ended_at = now()")
        .execute(scene.app.pool())
        .await
        .expect("it is switched on");
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    scene.app.server = Server::start_at(&scene.app.database.url().await, &bind).await;
    scene.stands(&endpoint, "delivered", 1).await;
    scene.app.finish().await;
}
