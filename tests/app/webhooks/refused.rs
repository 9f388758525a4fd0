//! Endpoints that cannot be, and people who may not look after any.

use super::*;

#[tokio::test]
async fn an_endpoint_that_cannot_be_is_refused_beside_its_field() {
    let scene = Scene::set().await;
    let other = scene.app.account("elsewhere").await;
    let foreign = other.owner.create_board("Foreign").await;
    let url = scene.sink.url("/");
    let long = format!("https://example.com/{}", "a".repeat(2_048));
    for (field, body) in [
        ("url", json!({ "url": "", "events": ["*"] })),
        ("url", json!({ "url": long, "events": ["*"] })),
        ("url", json!({ "url": "https://10.0.0.1/", "events": ["*"] })),
        ("url", json!({ "url": "https://169.254.169.254/latest", "events": ["*"] })),
        ("url", json!({ "url": "http://example.com/", "events": ["*"] })),
        ("url", json!({ "url": "ftp://127.0.0.1/", "events": ["*"] })),
        ("url", json!({ "url": "http://olive@127.0.0.1/", "events": ["*"] })),
        ("url", json!({ "url": "https://:secret@example.com/", "events": ["*"] })),
        ("url", json!({ "url": "https://example.com:22/", "events": ["*"] })),
        ("url", json!({ "url": "https://1.1.1.1:6/", "events": ["*"] })),
        ("url", json!({ "url": "https://[::ffff:10.0.0.1]/", "events": ["*"] })),
        ("events", json!({ "url": url, "events": [] })),
        ("events", json!({ "url": url, "events": ["card.**"] })),
        ("events", json!({ "url": url, "events": ["card.flown"] })),
        ("board_ids", json!({ "url": url, "events": ["*"], "board_ids": [foreign] })),
        ("board_ids", json!({ "url": url, "events": ["*"], "board_ids": ["none"] })),
    ] {
        let answer = scene.ask(Method::POST, "webhook_endpoints", Some(body.clone())).await;
        let answer = answer.expect(422);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{body}: {}", answer.body);
    }
    let fields = [("url", "https://10.0.0.1/"), ("events", "card.moved")];
    let again = scene.account.owner.post("webhooks", &fields).await.expect(422);
    assert!(again.body.contains("aria-invalid=\"true\""), "{}", again.body);
    assert!(again.body.contains("value=\"card.moved\" checked"), "{}", again.body);
    let listed = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200);
    assert_eq!(listed.json(), json!([]));
    scene.app.finish().await;
}

#[tokio::test]
async fn members_and_lesser_tokens_look_after_no_endpoints() {
    let scene = Scene::set().await;
    let role = cairn::values::Role::Member;
    let member = scene.app.member(&scene.account, "Amara Okafor", role).await;
    member.get("webhooks").await.expect(403);
    let fields = [("url", scene.sink.url("/")), ("events", "*".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    member.post("webhooks", &fields).await.expect(403);
    for (person, scope) in [(&member, Scope::Admin), (&scene.account.owner, Scope::Write)] {
        let token = scene.app.token(person, scope).await;
        let request = person.client.request(Method::GET, "/api/v1/northfold/webhook_endpoints");
        person.client.send(request.bearer_auth(token.reveal())).await.expect(403);
    }
    scene.app.finish().await;
}
