//! Checkpoints of boards: made behind whoever changes a board, made anew once something was erased.

use cairn::domain::replay::replay;
use cairn::events::chain::Sealer;
use cairn::events::{Log, checkpoints};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Scene;
use crate::support::server::{Server, patiently, until};

impl Scene {
    async fn kept(&self) -> Vec<i64> {
        let query = "select sequence from board_checkpoints order by sequence";
        sqlx::query_scalar(query).fetch_all(self.pool()).await.expect("checkpoints")
    }

    async fn keep(&self, every: i64) -> usize {
        let account = self.olive().actor.account.id;
        checkpoints::keep_every(self.pool(), account, every).await.expect("checkpoints")
    }

    /// Up to where the log was looked through.
    async fn looked_through(&self) -> i64 {
        let query = "select coalesce(max(sequence), 0) from checkpoint_readings";
        sqlx::query_scalar(query).fetch_one(self.pool()).await.expect("a number")
    }

    /// So many changes of the board more, each the newest one again, a new name; nobody is told.
    async fn lengthen(&self, count: i64) {
        let copy = "with last as (
                select * from activities where account_id = $1 and sequence = $2
            ), made as (
                select n, gen_random_uuid() as id from generate_series(1, $3::bigint) n
            ), typed as (
                insert into board_renamed
                select (jsonb_populate_record(c, jsonb_build_object('id', made.id))).*
                from made, board_renamed c join last on c.account_id = $1 and c.id = last.id
            ), head as (
                update account_heads set sequence = $2 + $3 where account_id = $1
            )
            insert into activities (account_id, sequence, id, subject_type, creator_id, board_id,
                card_id, cause_id, source, token_id, address_id, created_at)
            select account_id, $2 + n, made.id, subject_type, creator_id, board_id,
                card_id, cause_id, source, token_id, address_id, created_at
            from made, last";
        let copy = sqlx::query(copy).bind(self.olive().actor.account.id.uuid());
        let copy = copy.bind(self.head().await).bind(count);
        copy.execute(self.pool()).await.expect("many names");
    }
}

#[tokio::test]
async fn checkpoints_are_made_once_and_hold_what_the_log_says() {
    let scene = Scene::set().await;
    for number in 0..9 {
        scene.add(&format!("Card {number}")).await;
    }
    let first = scene.head().await - 11;
    let (one, other) = tokio::join!(scene.keep(4), scene.keep(4));
    assert!(one + other >= 3, "{one} and {other} checkpoints");
    scene.keep(4).await;
    assert_eq!(scene.kept().await, [first + 3, first + 7, first + 11], "one each four events");
    assert_eq!(scene.keep(4).await, 0);
    let account = scene.olive().actor.account.id;
    assert_eq!(replay(scene.pool(), account).await.expect("a replay").differences, []);

    let tampered = "update board_checkpoints set state = replace(state, 'Card 3', 'Card 4')";
    sqlx::query(tampered).execute(scene.pool()).await.expect("another state");
    let found = replay(scene.pool(), account).await.expect("a replay").differences.pop();
    let found = found.expect("a difference");
    assert!(found.thing.contains("checkpoint") && found.attribute == "title", "{found}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_read_is_passed_over() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("a checkpoint cannot be read");
    for number in 0..3 {
        scene.add(&format!("Card {number}")).await;
    }
    scene.keep(4).await;
    let titles = json!([["Card 0", "Card 1", "Card 2"], []]);
    for spoiled in ["state = 'nothing'", "state = '{}'", "format = 99"] {
        let spoil = format!("update board_checkpoints set {spoiled}");
        sqlx::query(&spoil).execute(scene.pool()).await.expect("a spoiled state");
        assert_eq!(scene.titles(scene.head().await).await, titles, "{spoiled}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_forgotten_is_kept_anew_without_what_was_erased() {
    let scene = Scene::set().await;
    for number in 0..9 {
        scene.add(&format!("Card {number}")).await;
    }
    scene.keep(4).await;
    let (kept, account) = (scene.kept().await, scene.olive().actor.account.id);
    // A log that remembers what was erased, as any process may.
    let log = Log::new(scene.pool().clone(), Vec::new());
    let mut connection = scene.pool().acquire().await.expect("a connection");
    let head = scene.head().await;
    cairn::events::rebuild(&log, &mut connection, account, scene.board, head).await.expect("it");
    let mut erasing = scene.pool().begin().await.expect("a transaction");
    let erase = "update card_added set title = null, salt = null where title = 'Card 3'";
    sqlx::query(erase).execute(&mut *erasing).await.expect("an erased text");
    let forgotten = checkpoints::forget(&mut erasing, account, Some(&[scene.board]), kept[1]).await;
    forgotten.expect("forgotten");
    assert_eq!(scene.keep(4).await, 0, "nobody keeps anything while something is erased");
    erasing.commit().await.expect("a commit");
    assert_eq!(scene.kept().await, kept[..1]);
    assert_eq!(scene.keep(4).await, 2);
    assert_eq!(scene.kept().await, kept);
    let query = "select count(*) from board_checkpoints where state like '%Card 3%'";
    let left: i64 = sqlx::query_scalar(query).fetch_one(scene.pool()).await.expect("a count");
    assert_eq!(left, 0, "an erased text is in a checkpoint");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_changes_a_board_waits_for_no_checkpoint() {
    let scene = Scene::set().await;
    let mut keeping = scene.pool().begin().await.expect("a transaction");
    let account = scene.olive().actor.account.id;
    checkpoints::forget(&mut keeping, account, None, 1).await.expect("forgotten");
    scene.add("Write the letter").await;
    keeping.rollback().await.expect("a rollback");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_stops_while_a_long_log_is_looked_through_keeps_what_is_done() {
    let mut scene = Scene::set().await;
    let named = [("name", "Spring")];
    scene.olive().patch(&format!("boards/{}", scene.board), &named).await.expect(303);
    scene.app.server.stop().await;
    scene.lengthen(6_500).await;
    // The first part of the log waits before it is done, for as long as this transaction lasts.
    let waits = "create function wait() returns trigger language plpgsql as
                     'begin perform pg_advisory_xact_lock_shared(7); return new; end';
                 create trigger waits before update on checkpoint_readings
                     for each row execute function wait()";
    sqlx::raw_sql(waits).execute(scene.pool()).await.expect("a trigger");
    let mut holding = scene.pool().begin().await.expect("a transaction");
    let hold = sqlx::query("select pg_advisory_xact_lock(7)");
    hold.execute(&mut *holding).await.expect("a lock");

    let stop = CancellationToken::new();
    let sealer = Sealer::new(Log::new(scene.pool().clone(), Vec::new()), stop.clone());
    let sealing = tokio::spawn(async move { sealer.seal().await });
    until("the first part to wait", async || {
        let waiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted
                       and database = (select oid from pg_database where datname = current_database()))";
        let waiting = sqlx::query_scalar(waiting).fetch_one(scene.pool()).await.expect("locks");
        Some(()).filter(|()| waiting)
    })
    .await;
    stop.cancel();
    holding.rollback().await.expect("a lock that is let go");
    patiently("the sealer to stop", sealing).await.expect("it stops");
    assert_eq!(scene.looked_through().await, 5_000, "no other part was begun");
    let kept = scene.kept().await;
    assert!(!kept.is_empty() && kept.iter().all(|sequence| *sequence <= 5_000), "{kept:?}");

    scene.app.server = Server::start(&scene.app.database.url().await).await;
    let all = until("the rest", async || {
        Some(scene.kept().await).filter(|all| all.len() == kept.len() + 2)
    })
    .await;
    assert_eq!(all[..kept.len()], kept, "what was kept stays");
    let account = scene.olive().actor.account.id;
    assert_eq!(replay(scene.pool(), account).await.expect("a replay").differences, []);
    scene.app.finish().await;
}
