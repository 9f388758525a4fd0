//! What is kept of whom, for how long, and what somebody can do about it.

use cairn::tracking::retention;
use cairn::values::clock;
use cairn::values::id::TrackingEventId;
use serde_json::Value;
use time::Duration;
use uuid::Uuid;

use super::{Scene, count, miscounted, report, reporting, view, view_of};

#[tokio::test]
async fn an_address_is_kept_shortened_or_not_at_all() {
    let scene = Scene::set().await;
    report(scene.olive(), &[view()]).await.expect(204);
    let fields = [("addresses", "on"), ("tracking_days", "30")];
    scene.olive().patch("settings/tracking", &fields).await.expect(303);
    report(scene.olive(), &[view()]).await.expect(204);
    let kept: Vec<Option<String>> =
        sqlx::query_scalar("select address from tracking_events order by created_at")
            .fetch_all(scene.app.pool())
            .await
            .expect("reports");
    assert_eq!(kept, [None, Some("127.0.0.0/24".to_owned())]);
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_asks_for_privacy_is_not_recorded() {
    let scene = Scene::set().await;
    let body = serde_json::json!({ "tracking_event": view() }).to_string();
    let request = reporting(scene.olive(), body).header("sec-gpc", "1");
    scene.olive().client.send(request).await.expect(204);
    assert_eq!(scene.stored().await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn days_that_cannot_be_are_refused_beside_their_field() {
    let scene = Scene::set().await;
    for days in ["", "7", "1000", "many"] {
        let answer = scene.olive().patch("settings/tracking", &[("tracking_days", days)]).await;
        let answer = answer.expect(422);
        assert!(answer.body.contains("id=\"tracking_days_error\""), "{}", answer.body);
    }
    scene.app.finish().await;
}

/// Puts a report of so many days ago where it would have been.
async fn old(scene: &Scene, days: i64) {
    let at = clock::now() - Duration::days(days);
    retention::make_partitions(scene.app.pool(), at).await.expect("its day");
    let milliseconds = u128::try_from(at.unix_timestamp_nanos() / 1_000_000).expect("since 1970");
    let chance = TrackingEventId::new().uuid().as_u128() << 48 >> 48;
    sqlx::query(
        "with stored as (
             insert into tracking_events (account_id, id, user_id, event_type, url, occurred_at, day,
                 hour, created_at)
             values ($1, $2, $3, 'page_view', 'https://cairn.example/', $4, $4::date, 0, $4)),
         hours as (
             insert into tracking_hours values ($1, $4::date, 0, 1, 0, 0))
         insert into tracking_people values ($1, $4::date, $3, 1, 0, 0)",
    )
    .bind(scene.olive().actor.account.id.uuid())
    .bind(Uuid::from_u128(chance | (milliseconds << 80)))
    .bind(scene.olive().actor.user_id.uuid())
    .bind(at)
    .execute(scene.app.pool())
    .await
    .expect("an old report");
}

#[tokio::test]
async fn old_reports_go_and_what_was_counted_stays() {
    let scene = Scene::set().await;
    scene.app.account("southfold").await;
    for days in [200, 60, 1] {
        old(&scene, days).await;
    }
    retention::forget(scene.app.pool(), clock::now()).await.expect("forgotten");
    assert_eq!(scene.stored().await, 2, "90 days are kept");
    // One account keeps them for a shorter time than the other: its own go one by one.
    scene.olive().patch("settings/tracking", &[("tracking_days", "30")]).await.expect(303);
    retention::forget(scene.app.pool(), clock::now()).await.expect("forgotten");
    assert_eq!(scene.stored().await, 1);
    assert_eq!(count(scene.app.pool(), "select count(*) from tracking_people").await, 3);

    // What is erased names nobody afterwards, and is counted where nothing is left to take it from.
    scene.olive().delete("profile/tracking_events").await.expect(303);
    assert_eq!(scene.stored().await, 0);
    let nobody = "select count(*) from tracking_people where user_id = '00000000-0000-0000-0000-000000000000'";
    assert_eq!(count(scene.app.pool(), nobody).await, 2);
    assert_eq!(count(scene.app.pool(), "select count(*) from tracking_people").await, 2);
    assert_eq!(count(scene.app.pool(), "select count(*) from tracking_hours").await, 2);
    scene.app.finish().await;
}

#[tokio::test]
async fn all_that_is_kept_of_somebody_is_theirs_to_take_along_and_erase() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let mut quoted = view_of("Card", scene.card);
    quoted["url"] = "https://cairn.example/northfold/\"a,b\"".into();
    let mine: Vec<Value> = (0..19).map(|_| view()).chain([quoted]).collect();
    report(olive, &mine).await.expect(204);
    report(tomas, &[view()]).await.expect(204);

    let lines = olive.get("profile/tracking_events.ndjson").await.expect(200);
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let lines: Vec<Value> =
        lines.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    let mut sent: Vec<&Value> = mine.iter().map(|item| &item["id"]).collect();
    sent.sort_by_key(|id| id.to_string());
    assert_eq!(ids, sent);

    let table = olive.get("profile/tracking_events.csv").await.expect(200);
    assert!(table.header("content-disposition").contains("attachment"), "{table:?}");
    assert_eq!(table.body.lines().count(), 21);
    assert!(table.body.contains("/\"\"a,b\"\"\""), "{}", table.body);

    olive.delete("profile/tracking_events").await.expect(303);
    assert_eq!(scene.stored().await, 1, "his are his");
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    assert_eq!(olive.get("profile/tracking_events.ndjson").await.expect(200).body, "");
    scene.app.finish().await;
}

#[tokio::test]
async fn everybody_can_read_what_is_recorded() {
    let scene = Scene::set().await;
    let page = scene.app.stranger().get("/docs/privacy").await.expect(200).body;
    assert!(page.contains("What is not recorded"), "{page}");
    assert!(scene.tomas.get("profile").await.expect(200).body.contains("href=\"/docs/privacy\""));
    scene.app.finish().await;
}
