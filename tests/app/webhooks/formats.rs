//! Endpoints that are chats: a sentence with a link, frozen with the event as the rest is.

use super::*;

#[tokio::test]
async fn each_format_is_sent_its_own_bytes_of_one_event() {
    let scene = Scene::set().await;
    for format in ["slack", "discord", "teams", "cairn"] {
        let more = json!({ "events": ["card.moved"], "format": format });
        let endpoint = scene.add(&format!("/{format}"), more).await;
        assert_eq!(scene.look(&endpoint).await["format"], format);
    }
    scene.move_to(1).await;
    let calls = scene.sink.has(4).await;
    let body = |format: &str| {
        let call = calls.iter().find(|call| call.path == format!("/{format}")).expect("a call");
        call.json()
    };
    let link = format!("{}/northfold/cards/{}", scene.app.server.address(), scene.card);
    let words = "Olive Marsh moved Write the letter from To do to Doing";
    assert_eq!(body("slack"), json!({ "text": format!("{words} <{link}|Open>") }));
    assert_eq!(body("discord")["content"], format!("{words} <{link}>"));
    let card = &body("teams")["attachments"][0]["content"];
    assert_eq!(card["body"][0]["inlines"][0]["text"], words);
    assert_eq!(card["actions"][0]["url"], link);
    assert_eq!(body("cairn")["event"], "card.moved");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_owed_already_keeps_the_format_it_was_frozen_in() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"], "format": "slack" })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    let edit = json!({ "format": "discord" });
    let edited = scene.ask(Method::PATCH, &path, Some(edit)).await.expect(200).json();
    assert_eq!(edited["format"], "discord");
    let changed = scene.events("webhook.endpoint_changed").await;
    assert_eq!(changed[0]["data"]["changes"], json!({ "format": ["slack", "discord"] }));
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 2).await;
    let calls = scene.sink.calls();
    assert_eq!(calls[0].body, calls[1].body);
    scene.move_to(0).await;
    assert!(scene.sink.has(3).await[2].json()["content"].is_string());

    let wrong = json!({ "format": "campfire" });
    let refused = scene.ask(Method::PATCH, &path, Some(wrong)).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "format");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_form_offers_formats_and_a_test_is_sent_in_the_chosen_one() {
    let scene = Scene::set().await;
    let owner = &scene.account.owner;
    let url = scene.sink.url("/hook");
    let fields = [("url", url.as_str()), ("events", "card.closed"), ("format", "slack")];
    owner.post("webhooks", &fields).await.expect(201);
    let all = scene.ask(Method::GET, "webhook_endpoints", None).await.expect(200).json();
    assert_eq!(all[0]["format"], "slack");
    let path = format!("webhooks/{}", all[0]["id"].as_str().expect("an id"));
    let form = owner.get(&format!("{path}/edit")).await.expect(200).body;
    assert!(form.contains("value=\"slack\" selected"), "{form}");
    owner.post(&format!("{path}/tests"), &[("event", "card.closed")]).await.expect(200);
    let call = scene.sink.has(1).await.remove(0);
    let text = call.json()["text"].as_str().expect("words").to_owned();
    assert!(text.starts_with("Olive Marsh closed Write the letter"), "{text}");
    scene.app.finish().await;
}
