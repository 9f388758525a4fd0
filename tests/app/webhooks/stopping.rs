//! A server that is stopped gives back what it had claimed and not begun.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Notify;

use super::*;

/// How many tries one endpoint has under way.
const UNDER_WAY: usize = 8;

/// How many deliveries there are: more than that, and fewer than are claimed ahead.
const OWED: usize = 40;

async fn leased(scene: &Scene) -> i64 {
    let leased = "select count(*) from webhook_deliveries where lease_id is not null";
    sqlx::query_scalar(leased).fetch_one(scene.app.pool()).await.expect("a count")
}

#[tokio::test]
async fn what_was_claimed_ahead_is_given_back_at_once_and_sent_once() {
    let mut scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    let told: Vec<Arc<Notify>> = (0..UNDER_WAY).map(|_| Arc::default()).collect();
    let slow = told.iter().map(|told| sink::Answer::Once(Arc::clone(told), 204));
    scene.sink.will_answer(slow);
    for turn in 0..OWED {
        scene.move_to((turn + 1) % 2).await;
    }
    scene.sink.has(UNDER_WAY).await;
    let all = OWED as i64;
    until("all to be claimed", async || (leased(&scene).await == all).then_some(())).await;

    let owed_since = "select bool_and(due_at = created_at) from webhook_deliveries
                      where lease_id is null and status = 'pending'";
    let handing_over = async {
        let under_way = UNDER_WAY as i64;
        until("the rest back", async || (leased(&scene).await == under_way).then_some(())).await;
        let in_order: bool =
            sqlx::query_scalar(owed_since).fetch_one(scene.app.pool()).await.expect("times");
        assert!(in_order, "each is due when it was");
        told.iter().for_each(|told| told.notify_one());
    };
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    scene.app.server.ask_to_stop();
    handing_over.await;
    // A lease is longer than the patience of a test: had one been kept, this would be too late.
    assert!(scene.app.server.ended().await.success());
    scene.app.server = Server::start_at(&scene.app.database.url().await, &bind).await;
    until("all to arrive", async || {
        let deliveries = scene.deliveries(&endpoint).await;
        deliveries.iter().all(|it| it["status"] == "delivered").then_some(())
    })
    .await;
    let calls = scene.sink.calls();
    let ids: BTreeSet<&str> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!((calls.len(), ids.len()), (OWED, OWED), "nothing came twice");
    scene.app.finish().await;
}
