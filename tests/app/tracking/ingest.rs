//! Taking reports: once each, the bad ones by themselves, no more than can be stored, and not too many
//! of one person.

use cairn::tracking::{EventType, Report, Row, Tracker, Unstored};
use cairn::values::clock;
use cairn::values::id::TrackingEventId;
use futures_util::future::join_all;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Scene, count, miscounted, refused, report, reporting, view, view_of};
use crate::support::server::{patiently, until};

#[tokio::test]
async fn what_comes_again_stays_as_it_was_first_and_is_counted_once() {
    let scene = Scene::set().await;
    let first = view_of("Card", scene.card);
    let mut other = first.clone();
    other["event_type"] = "link_click".into();
    other["url"] = "https://cairn.example/elsewhere".into();
    report(scene.olive(), &[first.clone(), other.clone(), first.clone()]).await.expect(204);
    report(scene.olive(), &[other.clone()]).await.expect(204);
    report(&scene.tomas, &[other]).await.expect(204);
    let kept: Vec<(String, String)> = sqlx::query_as("select event_type, url from tracking_events")
        .fetch_all(scene.app.pool())
        .await
        .expect("reports");
    assert_eq!(kept, [("page_view".to_owned(), "https://cairn.example/northfold".to_owned())]);
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}

#[tokio::test]
async fn a_row_that_postgres_will_not_take_is_set_aside_alone() {
    let scene = Scene::set().await;
    let constraint = "alter table tracking_events add constraint no_poison
                      check (url not like '%poison%')";
    sqlx::raw_sql(constraint).execute(scene.app.pool()).await.expect("a constraint");
    let batches: Vec<Vec<Value>> = (0..30).map(|batch| spiked(batch, 10)).collect();
    let answers = join_all(batches.iter().map(|batch| report(scene.olive(), batch))).await;
    for (batch, answer) in answers.into_iter().enumerate() {
        if batch.is_multiple_of(3) {
            let refused = refused(&answer.expect(422));
            assert_eq!(refused, [(batch as u64 % 10, "this item cannot be stored.".to_owned())]);
        } else {
            answer.expect(204);
        }
    }
    assert_eq!(scene.stored().await, 30 * 10 - 10);
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}

/// A batch of which every third has one bad row.
fn spiked(batch: usize, size: usize) -> Vec<Value> {
    let mut items: Vec<Value> = (0..size).map(|_| view()).collect();
    if batch.is_multiple_of(3) {
        items[batch % size]["url"] = "https://cairn.example/poison".into();
    }
    items
}

#[tokio::test]
async fn whoever_floods_waits_and_nobody_else_does() {
    let scene = Scene::set().await;
    let items = [view()];
    let flood = (0..150).map(|_| report(scene.olive(), &items));
    let (answers, calm) = tokio::join!(join_all(flood), report(&scene.tomas, &items));
    calm.expect(204);
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty(), "nobody was told to wait");
    for answer in refused {
        let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!(seconds >= 1, "{answer:?}");
    }
    assert!(answers.iter().all(|answer| answer.status == 429 || answer.status == 204));
    scene.app.finish().await;
}

/// Keeps reports from being stored until it is dropped.
async fn hold(pool: &PgPool) -> sqlx::Transaction<'static, sqlx::Postgres> {
    let mut transaction = pool.begin().await.expect("a transaction");
    sqlx::raw_sql("lock table tracking_events in share mode")
        .execute(&mut *transaction)
        .await
        .expect("a lock");
    transaction
}

/// Somebody waits for that lock.
async fn is_waited_for(pool: &PgPool) {
    let query = "select count(*) from pg_locks where not granted
                 and relation = 'tracking_events'::regclass";
    until("a writer that waits", async || (count(pool, query).await > 0).then_some(())).await;
}

#[tokio::test]
async fn a_full_queue_says_so_and_takes_more_once_it_is_written() {
    let scene = Scene::set().await;
    let (tracker, writer) = Tracker::start(cairn::db::own(scene.app.pool()));
    let held = hold(scene.app.pool()).await;
    let row = || {
        let url = "https://cairn.example/northfold".to_owned();
        let (id, event_type) = (TrackingEventId::new(), EventType::PageView);
        let (trackable, occurred_at) = (None, clock::now());
        let report = Report { index: 0, id, event_type, trackable, url, occurred_at };
        Row::new(&scene.olive().actor, report)
    };
    let first = tokio::spawn({
        let (tracker, row) = (tracker.clone(), row());
        async move { tracker.store(vec![row]).await }
    });
    is_waited_for(scene.app.pool()).await;
    let waiting: Vec<_> = (0..3_000)
        .map(|_| {
            let (tracker, row) = (tracker.clone(), row());
            tokio::spawn(async move { tracker.store(vec![row]).await })
        })
        .collect();
    let is_over = async || waiting.iter().any(|one| one.is_finished()).then_some(());
    until("a full queue", is_over).await;
    held.rollback().await.expect("a lock that is let go");
    let mut outcomes = join_all(waiting).await;
    outcomes.push(first.await);
    let outcomes: Vec<_> = outcomes.into_iter().map(|outcome| outcome.expect("no panic")).collect();
    let stored = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let full = outcomes.iter().filter(|it| **it == Err(Unstored::Full)).count();
    assert_eq!((stored + full, full > 0), (3_001, true), "{stored} stored, {full} turned away");
    assert_eq!(scene.stored().await, i64::try_from(stored).expect("few"));
    tracker.store(vec![row()]).await.expect("room again");
    drop(tracker);
    patiently("the writer to end", writer).await.expect("no panic");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_taken_is_stored_before_the_server_stops() {
    let scene = Scene::set().await;
    let held = hold(scene.app.pool()).await;
    let body = json!({ "tracking_event": view() }).to_string();
    let answer = tokio::spawn(reporting(scene.olive(), body).send());
    is_waited_for(scene.app.pool()).await;
    let pid = Pid::from_raw(scene.app.server.id().cast_signed());
    kill(pid, Signal::SIGTERM).expect("it is running");
    scene.app.server.logged(|line| line.contains("stopping")).await;
    held.rollback().await.expect("a lock that is let go");
    let answer = answer.await.expect("no panic").expect("an answer");
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(scene.stored().await, 1);
    scene.app.finish().await;
}
