//! What an endpoint of one's own wishes has: headers, a pace, and bodies that are not too large.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn headers_of_its_own_go_out_and_their_values_are_told_to_nobody() {
    let scene = Scene::set().await;
    let headers = json!({ "Authorization": "Bearer hidden", "X-Team": "north" });
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"], "headers": headers })).await;
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    assert_eq!(call.header("authorization"), "Bearer hidden");
    assert_eq!(call.header("x-team"), "north");
    is_signed(&call, &endpoint.secret);
    let looked = scene.look(&endpoint).await;
    assert_eq!(looked["header_names"], json!(["authorization", "x-team"]));
    assert!(!looked.to_string().contains("hidden"), "{looked}");
    let delivery = scene.stands(&endpoint, "delivered", 1).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    let tries = format!("{path}/deliveries/{}/attempts", delivery["id"].as_str().expect("an id"));
    let tries = scene.ask(Method::GET, &tries, None).await.expect(200);
    assert!(tries.body.contains("authorization: …"), "{}", tries.body);
    assert!(!tries.body.contains("hidden") && !tries.body.contains("north"), "{}", tries.body);
    let sealed = "select sealed_headers from webhook_endpoints";
    let sealed: Vec<u8> =
        sqlx::query_scalar(sealed).fetch_one(scene.app.pool()).await.expect("some");
    assert!(!sealed.windows(6).any(|bytes| bytes == b"hidden"));

    // One that is null keeps its value; one that is not named is gone.
    let kept = json!({ "headers": { "authorization": null, "x-new": "1" } });
    scene.ask(Method::PATCH, &path, Some(kept.clone())).await.expect(200);
    scene.ask(Method::PATCH, &path, Some(kept)).await.expect(200);
    scene.move_to(0).await;
    let call = scene.sink.has(2).await.remove(1);
    assert_eq!(call.header("authorization"), "Bearer hidden");
    assert_eq!((call.header("x-team"), call.header("x-new")), ("", "1"));
    let changed = scene.events("webhook.endpoint_changed").await;
    assert_eq!(changed.len(), 1, "an edit that changes nothing is not recorded");
    let names = json!({ "headers": ["authorization, x-team", "authorization, x-new"] });
    assert_eq!(changed[0]["data"]["changes"], names);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_form_keeps_values_that_it_does_not_show() {
    let scene = Scene::set().await;
    let owner = &scene.account.owner;
    let url = scene.sink.url("/hook");
    let (events, headers) = (("events", "card.*"), ("headers", "X-Key: sesame\nX-Team: north"));
    let fields = [("url", &*url), events, headers, ("rate_limit", "7"), ("signature", "ed25519")];
    let added = owner.post("webhooks", &fields).await.expect(201);
    assert!(!added.body.contains("sesame"), "{}", added.body);
    assert!(added.body.contains("whpk_") && added.body.contains("At most <b>7</b> calls a second"));
    let listed = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200).json();
    let path = format!("webhooks/{}", listed[0]["id"].as_str().expect("an id"));
    let form = owner.get(&format!("{path}/edit")).await.expect(200);
    assert!(form.body.contains("x-key: …\nx-team: …</textarea>"), "{}", form.body);
    assert!(form.body.contains("value=\"ed25519\" checked"), "{}", form.body);
    assert!(form.body.contains("value=\"7\""), "{}", form.body);
    let fields = [("url", &*url), events, ("headers", "x-key: …"), ("signature", "hmac")];
    owner.patch(&path, &fields).await.expect(303);
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    assert_eq!((call.header("x-key"), call.header("x-team")), ("sesame", ""));
    let listed = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200).json();
    assert_eq!(listed[0]["rate_limit"], Value::Null);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_an_endpoint_cannot_have_is_refused_beside_its_field() {
    let scene = Scene::set().await;
    let url = scene.sink.url("/");
    let endpoint = scene.add("/hook", json!({})).await;
    let many: serde_json::Map<String, Value> =
        (0..21).map(|number| (format!("x-{number}"), json!("a"))).collect();
    let large = "a".repeat(4_096);
    for (field, value) in [
        ("signature", json!("rsa")),
        ("signature", json!("")),
        ("rate_limit", json!(0)),
        ("rate_limit", json!(501)),
        ("rate_limit", json!(-1)),
        ("headers", json!({ "Host": "evil.example" })),
        ("headers", json!({ "webhook-id": "1" })),
        ("headers", json!({ "X-Webhook-Signature": "1" })),
        ("headers", json!({ "x-team": "a\r\nhost: evil.example" })),
        ("headers", json!({ "x\r\n": "a" })),
        ("headers", json!({ "x-large": large })),
        ("headers", json!(many)),
    ] {
        let mut body = json!({ "url": url, "events": ["*"] });
        body[field] = value.clone();
        let answer = scene.ask(Method::POST, "webhook_endpoints", Some(body)).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{value}: {}", answer.body);
        let path = format!("webhook_endpoints/{}", endpoint.id);
        let edit = json!({ field: value });
        let answer = scene.ask(Method::PATCH, &path, Some(edit)).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{value}: {}", answer.body);
        assert!(!answer.body.contains(&large), "a value is not said again");
    }
    let owner = &scene.account.owner;
    for (field, value, words) in [
        ("signature", "rsa", "A signature is hmac or ed25519."),
        ("rate_limit", "often", "A limit is 1 to 500 calls a second."),
        ("rate_limit", "501", "A limit is 1 to 500 calls a second."),
        ("headers", "Cookie: a=b", "The header “cookie” cannot be chosen."),
        ("headers", "no colon", "A header is written as its name, a colon and its value."),
        ("headers", "x-new: …", "The header “x-new” needs a value."),
    ] {
        let fields = [("url", &*url), ("events", "*"), (field, value)];
        let again = owner.post("webhooks", &fields).await.expect(422);
        assert!(again.body.contains(&format!("id=\"{field}_error\"")), "{field}: {}", again.body);
        assert!(again.body.contains(words), "{field}: {}", again.body);
        owner.patch(&format!("webhooks/{}", endpoint.id), &fields).await.expect(422);
    }
    let listed = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200);
    assert_eq!(listed.json().as_array().map(Vec::len), Some(1));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_account_has_at_most_fifty_endpoints() {
    let scene = Scene::set().await;
    for number in 0..50 {
        scene.add(&format!("/{number}"), json!({ "events": ["card.closed"] })).await;
    }
    let body = json!({ "url": scene.sink.url("/"), "events": ["card.closed"] });
    let refused = scene.ask(Method::POST, "webhook_endpoints", Some(body)).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["field"], "url");
    assert!(refused.body.contains("at most 50 endpoints"), "{}", refused.body);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_endpoint_with_a_limit_is_called_no_faster_and_holds_up_no_other() {
    let scene = Scene::set().await;
    let limited = scene.add("/slowly", json!({ "events": ["card.*"], "rate_limit": 4 })).await;
    scene.add("/quickly", json!({ "events": ["card.*"] })).await;
    let begun = Instant::now();
    for turn in 0..10 {
        scene.move_to((turn + 1) % 2).await;
    }
    let calls = scene.sink.has(20).await;
    // A bucket of two, then four a second: the tenth comes two seconds after the first.
    assert!(begun.elapsed().as_millis() >= 2_000, "{:?}", begun.elapsed());
    let last = |path: &str| calls.iter().rposition(|call| call.path == path);
    assert!(last("/quickly") < last("/slowly"), "the other one was held up");
    assert_eq!(calls.iter().filter(|call| call.path == "/slowly").count(), 10);
    scene.stands(&limited, "delivered", 1).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_event_that_is_too_large_goes_out_thin_and_can_be_fetched() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    // Each byte is written as two in JSON, before and after.
    let long = |letter: &str| letter.repeat(64 * 1024);
    let path = format!("cards/{}", scene.card);
    for letter in ["\"", "\\"] {
        let edit = json!({ "description": long(letter) });
        scene.ask(Method::PATCH, &path, Some(edit)).await.expect(200);
    }
    let call = scene.sink.has(2).await.remove(1);
    assert!(call.body.len() < 1_024, "{}", call.body.len());
    let body = call.json();
    is_signed(&call, &endpoint.secret);
    assert_eq!((&body["event"], &body["data"]), (&json!("card.updated"), &Value::Null));
    let url = body["data_url"].as_str().expect("an address");
    assert_eq!(url, format!("/api/v1/northfold/events/{}", call.header("webhook-id")));
    let event = url.strip_prefix("/api/v1/northfold/").expect("below the account");
    let whole = scene.ask(Method::GET, event, None).await.expect(200).json();
    assert_eq!((&whole["id"], &whole["event"]), (&body["id"], &body["event"]));
    assert_eq!(whole["created_at"], body["created_at"]);
    assert_eq!(whole["sequence"].to_string(), call.header("cairn-sequence"));
    assert!(whole["data"].to_string().len() > 256 * 1024);
    scene.ask(Method::GET, &format!("events/{}", Uuid::nil()), None).await.expect(404);
    scene.stands(&endpoint, "delivered", 1).await;
    scene.app.finish().await;
}
