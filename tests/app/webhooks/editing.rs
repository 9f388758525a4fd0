//! Endpoints that are edited.

use super::*;

#[tokio::test]
async fn what_is_edited_holds_from_then_on_and_is_recorded() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    let endpoint = scene.add("/old?key=hidden", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    let path = format!("webhook_endpoints/{}", endpoint.id);
    let edit = json!({ "url": scene.sink.url("/new"), "events": ["comment.*"] });
    let edited = scene.ask(Method::PATCH, &path, Some(edit.clone())).await.expect(200).json();
    assert_eq!(edited["url"], scene.sink.url("/new"));
    assert_eq!(edited["events"], json!(["comment.*"]));
    scene.hurry().await;
    let calls = scene.sink.has(2).await;
    assert_eq!(calls[1].path, "/new", "what was owed already goes to the new address");
    scene.move_to(0).await;
    scene.account.owner.comment(scene.card, "It reads well.").await.expect(303);
    let calls = scene.sink.has(3).await;
    assert_eq!(calls[2].json()["event"], "comment.added");

    scene.ask(Method::PATCH, &path, Some(edit)).await.expect(200);
    let changed = scene.events("webhook.endpoint_changed").await;
    assert_eq!(changed.len(), 1, "an edit that changes nothing is not recorded");
    let old = format!("{}?…", scene.sink.url("/old"));
    let changes =
        json!({ "events": ["card.*", "comment.*"], "url": [old, scene.sink.url("/new")] });
    assert_eq!(changed[0]["data"]["changes"], changes);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_form_comes_filled_and_comes_back_when_it_is_refused() {
    let scene = Scene::set().await;
    let owner = &scene.account.owner;
    let endpoint = scene.add("/hook", json!({ "board_ids": [scene.board] })).await;
    let path = format!("webhooks/{}", endpoint.id);
    let form = owner.get(&format!("{path}/edit")).await.expect(200);
    assert!(form.body.contains(&scene.sink.url("/hook")), "{}", form.body);
    assert!(form.body.contains(&format!("value=\"{}\" checked", scene.board)), "{}", form.body);
    let fields = [("url", "https://10.0.0.1/"), ("events", "card.moved")];
    let again = owner.patch(&path, &fields).await.expect(422);
    assert!(again.body.contains("https://10.0.0.1/"), "{}", again.body);
    assert!(again.body.contains("This address leads into a private network."), "{}", again.body);
    let url = scene.sink.url("/hook");
    owner.patch(&path, &[("url", &url), ("events", "card.moved")]).await.expect(303);
    let now = scene.look(&endpoint).await;
    assert_eq!((&now["board_ids"], &now["events"]), (&json!([]), &json!(["card.moved"])));
    owner.client.submit(Method::DELETE, &owner.path(&path), &[]).await.expect(303);
    owner.patch(&path, &[("url", &url), ("events", "*")]).await.expect(404);
    owner.get(&format!("{path}/edit")).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn boards_that_an_admin_does_not_see_can_be_neither_named_nor_dropped_by_them() {
    let scene = Scene::set().await;
    let hidden = scene.account.owner.create_board("Hidden").await;
    let endpoint = scene.add("/hook", json!({ "board_ids": [hidden] })).await;
    let closed = "update boards set access = 'chosen' where id = $1";
    sqlx::query(closed).bind(hidden.uuid()).execute(scene.app.pool()).await.expect("a board");
    let path = format!("webhook_endpoints/{}", endpoint.id);
    let body = json!({ "url": scene.sink.url("/"), "events": ["*"], "board_ids": [hidden] });
    let refused = scene.ask(Method::POST, "webhook_endpoints", Some(body)).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["field"], "board_ids");
    let edit = json!({ "board_ids": [scene.board] });
    let edited = scene.ask(Method::PATCH, &path, Some(edit)).await.expect(200).json();
    let mut both = [hidden.to_string(), scene.board.to_string()];
    both.sort();
    assert_eq!(edited["board_ids"], json!(both));
    scene.app.finish().await;
}

#[tokio::test]
async fn adding_and_removing_are_recorded_for_others_and_not_told_to_oneself() {
    let scene = Scene::set().await;
    let first = scene.add("/first", json!({})).await;
    let second = scene.add("/second", json!({})).await;
    let path = format!("webhook_endpoints/{}", second.id);
    scene.ask(Method::DELETE, &path, None).await.expect(204);
    let calls = scene.sink.has(2).await;
    let heard: Vec<Value> = calls.iter().map(|call| call.json()["event"].clone()).collect();
    assert_eq!(heard, ["webhook.endpoint_added", "webhook.endpoint_removed"]);
    scene.stands(&first, "delivered", 1).await;
    assert_eq!(scene.deliveries(&second).await, Vec::<Value>::new());
    assert_eq!(scene.events("webhook.endpoint_added").await.len(), 2);
    scene.app.finish().await;
}
