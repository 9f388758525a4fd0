//! Signatures as receivers check them: with the official libraries, and with a public key.

use std::collections::BTreeMap;

use super::*;
use crate::support::browser;

/// A call as a receiver on Node gets it, and what must have signed it.
fn received(call: &Call, public_keys: &[&str], secrets: &[&str]) -> Value {
    let headers: BTreeMap<&str, &str> =
        call.headers.iter().map(|(name, _)| (name.as_str(), call.header(name.as_str()))).collect();
    let body = std::str::from_utf8(&call.body).expect("text");
    json!({ "headers": headers, "body": body, "publicKeys": public_keys, "secrets": secrets })
}

/// Whether the official library for Rust takes a call.
fn is_taken(call: &Call, secret: &str) -> bool {
    let mut headers = reqwest::header::HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, call.header(name).parse().expect("a header"));
    }
    let receiver = standardwebhooks::Webhook::new(secret).expect("a secret");
    receiver.verify(&call.body, &headers).is_ok()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

async fn rotate(scene: &Scene, endpoint: &Endpoint) -> Value {
    let path = format!("webhook_endpoints/{}/secret_rotations", endpoint.id);
    scene.ask(Method::POST, &path, Some(json!({}))).await.expect(201).json()
}

#[tokio::test]
async fn a_secret_signs_as_the_libraries_have_it_also_while_it_is_rotated() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    scene.sink.has(1).await;
    let rotated = rotate(&scene, &endpoint).await;
    assert_eq!(rotated["public_key"], Value::Null);
    let newer = text(&rotated["secret"]);
    scene.move_to(0).await;
    let calls = scene.sink.has(2).await;
    assert!(is_taken(&calls[0], &endpoint.secret) && !is_taken(&calls[0], newer));
    assert!(is_taken(&calls[1], &endpoint.secret) && is_taken(&calls[1], newer));
    let received = [
        received(&calls[0], &[], &[&endpoint.secret]),
        received(&calls[1], &[], &[&endpoint.secret, newer]),
    ];
    browser::run("signature", &json!({ "calls": received })).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_key_signs_and_the_public_one_checks_also_while_they_are_rotated() {
    let scene = Scene::set().await;
    let more = json!({ "events": ["card.*"], "signature": "ed25519" });
    let endpoint = scene.add("/hook", more).await;
    let added = scene.look(&endpoint).await;
    let first = text(&added["public_key"]).to_owned();
    assert!(first.starts_with("whpk_") && added["signature"] == "ed25519", "{added}");
    scene.move_to(1).await;
    scene.sink.has(1).await;
    let rotated = rotate(&scene, &endpoint).await;
    let (second, newer) = (text(&rotated["public_key"]), text(&rotated["secret"]));
    let during = scene.look(&endpoint).await;
    assert_eq!((text(&during["public_key"]), text(&during["older_public_key"])), (second, &*first));
    scene.move_to(0).await;
    let calls = scene.sink.has(2).await;
    for (call, versions) in [(&calls[0], 1), (&calls[1], 2)] {
        let tokens: Vec<&str> = call.header("webhook-signature").split(' ').collect();
        assert_eq!(tokens.len(), versions);
        assert!(tokens.iter().all(|token| token.starts_with("v1a,")), "{tokens:?}");
    }
    let older = SigningSecret::parse(&endpoint.secret).expect("a secret");
    let newer = SigningSecret::parse(newer).expect("a secret");
    assert_eq!(calls[0].header("x-webhook-signature"), older.plain(&calls[0].body));
    assert_eq!(calls[1].header("x-webhook-signature"), older.plain(&calls[1].body));
    assert_eq!(calls[1].header("x-webhook-signature-next"), newer.plain(&calls[1].body));
    let received =
        [received(&calls[0], &[&first], &[]), received(&calls[1], &[&first, second], &[])];
    browser::run("signature", &json!({ "calls": received })).await;

    let page = scene.account.owner.get(&format!("webhooks/{}", endpoint.id)).await.expect(200);
    assert!(page.body.contains(&format!("id=\"public_key\">{second}<")), "{}", page.body);
    assert!(!page.body.contains("whsk_"), "{}", page.body);
    let stored = "select sealed_key from webhook_endpoints";
    let stored: Vec<u8> =
        sqlx::query_scalar(stored).fetch_one(scene.app.pool()).await.expect("a key");
    assert!(!stored.windows(5).any(|bytes| bytes == b"whsk_"));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_endpoint_that_is_switched_is_signed_both_ways_for_a_day() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    let switch = json!({ "signature": "ed25519" });
    let switched = scene.ask(Method::PATCH, &path, Some(switch.clone())).await.expect(200).json();
    let key = text(&switched["public_key"]).to_owned();
    assert!(switched["other_signature_until"].is_string(), "{switched}");
    scene.ask(Method::PATCH, &path, Some(switch)).await.expect(200);
    let changed = scene.events("webhook.endpoint_changed").await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["data"]["changes"], json!({ "signature": ["hmac", "ed25519"] }));

    scene.move_to(1).await;
    let calls = scene.sink.has(1).await;
    assert!(is_taken(&calls[0], &endpoint.secret));
    let both = [received(&calls[0], &[&key], &[&endpoint.secret])];
    browser::run("signature", &json!({ "calls": both })).await;
    let passed = "update webhook_endpoints set other_until = now()";
    sqlx::query(passed).execute(scene.app.pool()).await.expect("a day has passed");
    scene.move_to(0).await;
    let calls = scene.sink.has(2).await;
    assert!(!is_taken(&calls[1], &endpoint.secret));
    assert!(calls[1].header("webhook-signature").starts_with("v1a,"));
    let back = json!({ "signature": "hmac" });
    scene.ask(Method::PATCH, &path, Some(back)).await.expect(200);
    sqlx::query(passed).execute(scene.app.pool()).await.expect("a day has passed");
    scene.move_to(1).await;
    let calls = scene.sink.has(3).await;
    is_signed(&calls[2], &endpoint.secret);
    assert_eq!(scene.look(&endpoint).await["public_key"], Value::Null);
    scene.app.finish().await;
}
