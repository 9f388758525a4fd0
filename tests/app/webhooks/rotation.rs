//! New secrets, and the time in which two of them sign.

use super::*;

/// Rotates and gives the new secret.
async fn rotate(scene: &Scene, endpoint: &Endpoint, body: Value) -> String {
    let path = format!("webhook_endpoints/{}/secret_rotations", endpoint.id);
    let answer = scene.ask(Method::POST, &path, Some(body)).await.expect(201);
    answer.json()["secret"].as_str().expect("a secret").to_owned()
}

#[track_caller]
fn is_signed_by_both(call: &Call, older: &str, newer: &str) {
    let secret = |text| SigningSecret::parse(text).expect("a secret");
    let (older, newer) = (secret(older), secret(newer));
    let timestamp = call.header("webhook-timestamp").parse().expect("seconds");
    let standard =
        |secret: &SigningSecret| secret.standard(call.header("webhook-id"), timestamp, &call.body);
    let both = format!("{} {}", standard(&newer), standard(&older));
    assert_eq!(call.header("webhook-signature"), both);
    assert_eq!(call.header("x-webhook-signature"), older.plain(&call.body));
    assert_eq!(call.header("x-webhook-signature-next"), newer.plain(&call.body));
}

#[tokio::test]
async fn both_secrets_sign_until_the_overlap_has_passed() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let newer = rotate(&scene, &endpoint, json!({})).await;
    assert!(scene.look(&endpoint).await["older_secret_until"].is_string());
    scene.move_to(1).await;
    let calls = scene.sink.has(1).await;
    is_signed_by_both(&calls[0], &endpoint.secret, &newer);

    let passed = "update webhook_endpoints set older_until = now()";
    sqlx::query(passed).execute(scene.app.pool()).await.expect("a day has passed");
    scene.move_to(0).await;
    let calls = scene.sink.has(2).await;
    is_signed(&calls[1], &newer);
    assert_eq!(calls[1].header("x-webhook-signature-next"), "");
    assert!(scene.look(&endpoint).await["older_secret_until"].is_null());
    let rotated = scene.events("webhook.secret_rotated").await;
    assert_eq!(rotated[0]["data"]["overlap_hours"], 24);
    assert!(!rotated[0].to_string().contains("whsec_"), "{}", rotated[0]);
    scene.app.finish().await;
}

#[tokio::test]
async fn without_an_overlap_the_older_secret_is_no_good_at_once() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    rotate(&scene, &endpoint, json!({ "overlap_hours": 168 })).await;
    let newest = rotate(&scene, &endpoint, json!({ "overlap_hours": 0 })).await;
    scene.hurry().await;
    let calls = scene.sink.has(2).await;
    is_signed(&calls[1], &newest);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_page_rotates_too_and_shows_the_secret_once() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let path = format!("webhooks/{}", endpoint.id);
    let rotations = format!("{path}/secret_rotations");
    let owner = &scene.account.owner;
    let shown = owner.post(&rotations, &[("overlap_hours", "168")]).await.expect(201);
    assert!(shown.body.contains(">whsec_"), "{}", shown.body);
    let page = owner.get(&path).await.expect(200);
    assert!(page.body.contains("Two secrets sign until"), "{}", page.body);
    assert!(!page.body.contains("whsec_"), "{}", page.body);
    for hours in ["", "-1", "25", "169", "soon"] {
        owner.post(&rotations, &[("overlap_hours", hours)]).await.expect(422);
    }
    let api = format!("webhook_endpoints/{}/secret_rotations", endpoint.id);
    let refused = scene.ask(Method::POST, &api, Some(json!({ "overlap_hours": 25 }))).await;
    assert_eq!(refused.expect(422).json()["errors"][0]["field"], "overlap_hours");
    assert_eq!(scene.events("webhook.secret_rotated").await.len(), 1);
    scene.app.finish().await;
}
