//! While Postgres fails, nothing is lost that was promised, and nothing is refused that can be stored
//! later.

use serde_json::json;

use super::{Scene, miscounted, report, reporting, view, view_of};
use crate::support::server::until;

#[tokio::test]
async fn a_lost_connection_is_made_good_and_nobody_notices() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("error occurred while testing the connection");
    report(scene.olive(), &[view()]).await.expect(204);
    let writers = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()
                     and query like '%with report as%'";
    assert_eq!(super::count(scene.app.pool(), writers).await, 1);
    report(scene.olive(), &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(scene.stored().await, 2);
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_stored_now_is_kept_by_the_browser() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("tracking events were not stored");
    let pool = scene.app.pool().clone();
    let rename = async |from: &str, to: &str| {
        let statement = format!("alter table {from} rename to {to}");
        sqlx::raw_sql(&statement).execute(&pool).await.expect("another name");
    };
    rename("tracking_events", "tracking_events_away").await;
    let items = [view(), view_of("Card", scene.card)];
    let answer = report(scene.olive(), &items).await.expect(503);
    assert_eq!(answer.header("retry-after"), "1");
    rename("tracking_events_away", "tracking_events").await;
    report(scene.olive(), &items).await.expect(204);
    assert_eq!(scene.stored().await, 2);
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}

#[tokio::test]
async fn a_day_without_a_partition_refuses_nothing_for_good() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("tracking events were not stored");
    let today = cairn::values::clock::now().date();
    let name = format!(
        "tracking_events_{:04}{:02}{:02}",
        today.year(),
        u8::from(today.month()),
        today.day()
    );
    let drop = format!("drop table {name}");
    sqlx::raw_sql(&drop).execute(scene.app.pool()).await.expect("no such day");
    report(scene.olive(), &[view()]).await.expect(503);
    let now = cairn::values::clock::now();
    cairn::tracking::retention::make_partitions(scene.app.pool(), now).await.expect("the day");
    report(scene.olive(), &[view()]).await.expect(204);
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_is_not_signed_in_any_more_is_told_so_and_keeps_what_waits() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    sqlx::raw_sql("update sign_ins set revoked_at = now()")
        .execute(scene.app.pool())
        .await
        .expect("signed out");
    // Who is signed in where is known for a second after it was asked.
    until("the sign-in to be over", async || {
        let body = json!({ "tracking_event": view() }).to_string();
        let answer = olive.client.send(reporting(olive, body)).await;
        (answer.status == 401).then_some(())
    })
    .await;
    scene.app.finish().await;
}
