//! What `/metrics` and the page of endpoints tell of deliveries.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Notify;

use super::*;

async fn measured(scene: &Scene) -> String {
    scene.app.stranger().get("/metrics").await.expect(200).body
}

/// What a line of the measurements says.
fn value(measured: &str, series: &str) -> Option<f64> {
    let lines = measured.lines();
    let mut values = lines.filter_map(|line| line.strip_prefix(series)?.trim().parse().ok());
    values.next()
}

/// Waits until a line says that.
async fn shows(scene: &Scene, series: &str, wanted: impl Fn(f64) -> bool) {
    until(series, async || value(&measured(scene).await, series).filter(|it| wanted(*it))).await;
}

#[tokio::test]
async fn tries_are_counted_by_what_came_of_them_and_timed_from_the_commit() {
    let scene = Scene::set().await;
    let before = measured(&scene).await;
    for series in ["cairn_webhook_in_flight", "cairn_webhook_tries_total{outcome=\"delivered\"}"] {
        assert_eq!(value(&before, series), Some(0.0), "{series} is there from the beginning");
    }
    let told = Arc::<Notify>::default();
    let redirect = sink::Answer::With(302, "location", scene.sink.url("/elsewhere"));
    scene.sink.will_answer([redirect, sink::Answer::Once(Arc::clone(&told), 204)]);
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "pending", 1).await;
    shows(&scene, "cairn_webhook_tries_total{outcome=\"redirect\"}", |it| it == 1.0).await;
    scene.hurry().await;
    scene.sink.has(2).await;
    shows(&scene, "cairn_webhook_in_flight", |it| it == 1.0).await;
    told.notify_one();
    scene.stands(&endpoint, "delivered", 2).await;
    shows(&scene, "cairn_webhook_tries_total{outcome=\"delivered\"}", |it| it == 1.0).await;
    let after = measured(&scene).await;
    assert_eq!(value(&after, "cairn_webhook_in_flight"), Some(0.0));
    assert_eq!(value(&after, "cairn_webhook_delivery_seconds_count"), Some(1.0));
    let within = "cairn_webhook_delivery_seconds_bucket{le=\"86400\"}";
    assert_eq!(value(&after, within), Some(1.0), "{after}");
    assert_eq!(value(&after, "cairn_webhook_suspected_duplicates_total"), Some(0.0));
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_late_held_and_off_is_told_by_every_server() {
    let scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Status(500), sink::Answer::Status(410)]);
    let late = scene.add("/late", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.stands(&late, "pending", 1).await;
    let gone = scene.add("/gone", json!({ "events": ["comment.added"] })).await;
    scene.account.owner.comment(scene.card, "It reads well.").await.expect(303);
    until("it to be switched off", async || {
        (scene.look(&gone).await["active"] == false).then_some(())
    })
    .await;
    scene.account.owner.comment(scene.card, "It does.").await.expect(303);
    scene.stands(&gone, "held", 0).await;

    // Due for a minute, and nobody looks at it: as if every server were out of its wits.
    for statement in [
        "update webhook_due set due_at = now() + interval '1 hour'",
        "update webhook_deliveries set due_at = now() - interval '1 minute' where status = 'pending'",
    ] {
        sqlx::query(statement).execute(scene.app.pool()).await.expect("what is late");
    }
    shows(&scene, "cairn_webhook_due_lag_seconds{endpoints=\"slow\"}", |it| it > 59.0).await;
    let measured = measured(&scene).await;
    for (series, expected) in [
        ("cairn_webhook_due_lag_seconds{endpoints=\"well\"}", 0.0),
        ("cairn_webhook_pending", 1.0),
        ("cairn_webhook_held", 1.0),
        ("cairn_webhook_endpoints{status=\"disabled\"}", 1.0),
        ("cairn_webhook_endpoints{status=\"failing\"}", 0.0),
    ] {
        assert_eq!(value(&measured, series), Some(expected), "{series}");
    }
    let page = scene.account.owner.get("webhooks").await.expect(200).body;
    for fact in ["<dt>Waiting</dt><dd>1 <small>due since <time", "<dt>Held</dt><dd>1</dd>"] {
        assert!(page.contains(fact), "{fact} is not in {page}");
    }
    scene.hurry().await;
    scene.stands(&late, "delivered", 2).await;
    let page = scene.account.owner.get("webhooks").await.expect(200).body;
    for fact in ["<dt>Waiting</dt><dd>0</dd>", "<dt>Delivered in the last hour</dt><dd>1</dd>"] {
        assert!(page.contains(fact), "{fact} is not in {page}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn what_a_server_that_died_may_have_sent_is_suspected_to_come_twice() {
    let mut scene = Scene::set().await;
    scene.sink.will_answer([sink::Answer::Hang]);
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.sink.has(1).await;
    scene.app.server.kill().await;
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    scene.app.server = Server::start_at(&scene.app.database.url().await, &bind).await;
    scene.hurry().await;
    scene.stands(&endpoint, "delivered", 1).await;
    let measured = measured(&scene).await;
    assert_eq!(value(&measured, "cairn_webhook_suspected_duplicates_total"), Some(1.0));
    scene.app.finish().await;
}

#[tokio::test]
async fn the_rules_for_prometheus_name_what_is_measured() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    let measured = measured(&scene).await;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let rules = include_str!("../../../assets/alerts.yaml");
    let words = rules.split(|letter| !is_of_name(letter));
    let names: BTreeSet<&str> = words.filter(|word| word.starts_with("cairn_")).collect();
    assert!(names.len() > 3, "{names:?}");
    for name in names {
        let is_it =
            |line: &str| line.strip_prefix(name).is_some_and(|it| it.starts_with([' ', '{']));
        assert!(measured.lines().any(is_it), "nothing is measured as {name}");
    }
    scene.app.finish().await;
}
