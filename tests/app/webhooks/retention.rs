//! What is kept of deliveries, and for how long.

use cairn::values::clock;
use cairn::webhooks::retention::{self, KEPT_FOR};
use time::Duration;

use super::*;

async fn counts(scene: &Scene) -> (i64, i64, i64) {
    let query = "select (select count(*) from webhook_deliveries),
                     (select count(*) from webhook_payloads), (select count(*) from webhook_attempts)";
    sqlx::query_as(query).fetch_one(scene.app.pool()).await.expect("counts")
}

#[tokio::test]
async fn what_is_done_with_is_forgotten_after_a_month_and_what_is_owed_is_not() {
    let scene = Scene::set().await;
    let well = scene.add("/well", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.stands(&well, "delivered", 1).await;
    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.move_to(0).await;
    scene.stands(&well, "pending", 1).await;
    assert_eq!(counts(&scene).await, (2, 2, 2));

    let (pool, now) = (scene.app.pool(), clock::now());
    retention::forget(pool, now).await.expect("a database");
    assert_eq!(counts(&scene).await, (2, 2, 2), "nothing is a month old");
    let later = now + KEPT_FOR + Duration::days(1);
    retention::forget(pool, later).await.expect("a database");
    assert_eq!(counts(&scene).await, (1, 1, 0));
    assert_eq!(scene.deliveries(&well).await[0]["status"], "pending");
    retention::make_partitions(pool, now).await.expect("the partitions");
    scene.hurry().await;
    scene.stands(&well, "delivered", 2).await;
    scene.app.finish().await;
}
