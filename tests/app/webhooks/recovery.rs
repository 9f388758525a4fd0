//! What becomes of what was held: tried now and then by Cairn, or sent as far as an admin wants it.

use super::*;

/// Switched off because it had failed for days, with a delivery that is held since three days ago and
/// one that is held since now.
async fn switched_off(scene: &Scene) -> Endpoint {
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let failing =
        "update webhook_health set failures = 9, failing_since = now() - interval '5 days'";
    sqlx::query(failing).execute(scene.app.pool()).await.expect("an endpoint that failed");
    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.move_to(1).await;
    scene.stands(&endpoint, "held", 1).await;
    let older = "update webhook_deliveries set created_at = created_at - interval '3 days'";
    sqlx::query(older).execute(scene.app.pool()).await.expect("an older delivery");
    scene.move_to(0).await;
    scene.stands(&endpoint, "held", 0).await;
    endpoint
}

/// Lets the time come at which it is tried again.
async fn is_tried(scene: &Scene) {
    for statement in [
        "update webhook_disablements set probe_at = now()",
        "update webhook_due set due_at = now()",
    ] {
        sqlx::query(statement).execute(scene.app.pool()).await.expect("its time");
    }
}

async fn statuses(scene: &Scene, endpoint: &Endpoint) -> Vec<String> {
    let deliveries = scene.deliveries(endpoint).await;
    deliveries.iter().map(|it| it["status"].as_str().expect("a word").to_owned()).collect()
}

async fn stand(scene: &Scene, endpoint: &Endpoint, expected: [&str; 2]) {
    until("both deliveries to stand so", async || {
        (statuses(scene, endpoint).await == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn one_that_answers_again_is_switched_on_by_itself_and_sent_the_rest() {
    let scene = Scene::set().await;
    let endpoint = switched_off(&scene).await;
    is_tried(&scene).await;
    stand(&scene, &endpoint, ["delivered", "delivered"]).await;
    let calls = scene.sink.has(3).await;
    assert_eq!(calls[0].body, calls[1].body, "the oldest is tried first");
    assert_eq!(scene.look(&endpoint).await["active"], true);
    let said = scene.events("webhook.endpoint_enabled").await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0]["data"]["creator_id"], Value::Null);
    scene.app.finish().await;
}

#[tokio::test]
async fn one_that_fails_still_is_left_alone_for_longer_and_loses_no_try() {
    let scene = Scene::set().await;
    let endpoint = switched_off(&scene).await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    is_tried(&scene).await;
    scene.sink.has(2).await;
    stand(&scene, &endpoint, ["held", "held"]).await;
    let tries = scene.deliveries(&endpoint).await[1]["attempts"].clone();
    assert_eq!(tries, 1, "a probe is no try of its delivery");
    let probes =
        "select probes, probe_at > now() + interval '50 minutes' from webhook_disablements";
    let (probes, later): (i32, bool) =
        sqlx::query_as(probes).fetch_one(scene.app.pool()).await.expect("a disablement");
    assert!(probes == 1 && later, "{probes} probes, the next one {later}");
    assert_eq!(scene.look(&endpoint).await["active"], false);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_admin_may_have_sent_what_was_owed_since_a_moment() {
    let scene = Scene::set().await;
    let endpoint = switched_off(&scene).await;
    let path = format!("webhook_endpoints/{}/disablement", endpoint.id);
    let wrong = scene.ask(Method::DELETE, &format!("{path}?send_since=yesterday"), None).await;
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    let yesterday = cairn::values::clock::now() - time::Duration::DAY;
    let yesterday = yesterday.format(&time::format_description::well_known::Rfc3339);
    let path = format!("{path}?send_since={}", yesterday.expect("a time"));
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    stand(&scene, &endpoint, ["delivered", "skipped"]).await;
    assert_eq!(scene.sink.has(2).await.len(), 2);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_admin_may_have_nothing_sent() {
    let scene = Scene::set().await;
    let endpoint = switched_off(&scene).await;
    let path = scene.account.owner.path(&format!("webhooks/{}/disablement", endpoint.id));
    let client = &scene.account.owner.client;
    let since = [("held", "since"), ("since", "someday")];
    let again = client.submit(Method::DELETE, &path, &since).await.expect(422);
    assert!(again.body.contains("Write a day of the calendar"), "{}", again.body);
    client.submit(Method::DELETE, &path, &[("held", "nothing")]).await.expect(303);
    stand(&scene, &endpoint, ["skipped", "skipped"]).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    assert_eq!(scene.sink.has(2).await.len(), 2, "what comes after is sent");
    scene.app.finish().await;
}
