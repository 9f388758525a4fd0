//! Idempotency keys: a request that is sent again is carried out once, and answered as it was.

use cairn::domain::boards::{self, Board};
use cairn::domain::{Access, Actor};
use cairn::events::Log;
use cairn::values::id::{IdempotencyKeyId, TokenId};
use cairn::values::{BoardAccess, Name, Scope};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Scene, problem};
use crate::support::client::Answer;
use crate::support::server::Server;

const KEY: &str = "a-key";

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// Changes the one row of the key, as time or a crash would have.
async fn change_row(pool: &PgPool, change: &str) {
    let query = format!("update idempotency_keys set {change} where key = $1");
    let changed = sqlx::query(&query).bind(KEY).execute(pool).await.expect("a row");
    assert_eq!(changed.rows_affected(), 1, "one row has the key");
}

async fn rows(pool: &PgPool) -> i64 {
    let count = sqlx::query_scalar("select count(*) from idempotency_keys");
    count.fetch_one(pool).await.expect("a count")
}

impl Scene {
    fn letter() -> Value {
        json!({ "title": "Write the letter" })
    }

    async fn send(&self) -> Answer {
        self.program.post_once(KEY, &self.cards(), &Self::letter()).await
    }
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_as_it_was() {
    let mut scene = Scene::set().await;
    let before = scene.activities().await;
    let first = scene.send().await.expect(201);
    assert!(!replayed(&first));
    scene.app.server.stop().await;
    scene.app.server = Server::start(&scene.app.database.url().await).await;
    scene.program = scene.program.at(scene.app.server.address());
    let again = scene.send().await.expect(201);
    assert!(replayed(&again));
    assert_eq!(again.body, first.body);
    for header in ["content-type", "etag", "location", "link"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!(scene.activities().await, before + 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn two_at_once_make_one_event() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let (one, other) = tokio::join!(scene.send(), scene.send());
    for answer in [one, other] {
        if answer.status == 409 {
            assert_eq!(answer.header("retry-after"), "1");
            problem(answer, 409);
        } else {
            answer.expect(201);
        }
    }
    assert_eq!(scene.activities().await, before + 1);
    assert!(replayed(&scene.send().await.expect(201)));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_token() {
    let scene = Scene::set().await;
    let first = scene.send().await.expect(201).json();
    let other = json!({ "title": "Write another letter" });
    let elsewhere = "boards";
    let before = scene.activities().await;
    problem(scene.program.post_once(KEY, &scene.cards(), &other).await, 422);
    problem(scene.program.post_once(KEY, elsewhere, &json!({ "name": "A" })).await, 422);
    assert_eq!(scene.activities().await, before, "something was recorded");

    let token = scene.app.program(&scene.account.owner, Scope::Write).await;
    let second = token.post_once(KEY, &scene.cards(), &other).await.expect(201);
    assert!(!replayed(&second));
    assert_ne!(second.json()["id"], first["id"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_refused_leaves_its_key_free() {
    let scene = Scene::set().await;
    let reader = scene.app.program(&scene.account.owner, Scope::Read).await;
    problem(reader.post_once(KEY, &scene.cards(), &Scene::letter()).await, 403);
    problem(scene.program.post_once(KEY, &scene.cards(), &json!({ "title": " " })).await, 422);
    problem(scene.program.post_once(KEY, &scene.cards(), &json!({ "title": 7 })).await, 422);
    assert_eq!(rows(scene.app.pool()).await, 0);
    assert!(!replayed(&scene.send().await.expect(201)));
    scene.app.finish().await;
}

#[tokio::test]
async fn keys_that_are_none_are_refused() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    for key in ["", "two words", "\u{e9}", &"k".repeat(256)] {
        problem(scene.program.post_once(key, &scene.cards(), &Scene::letter()).await, 400);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    let longest = "k".repeat(255);
    scene.program.post_once(&longest, &scene.cards(), &Scene::letter()).await.expect(201);
    scene.app.finish().await;
}

#[tokio::test]
async fn after_a_day_a_key_is_free_and_its_row_is_swept() {
    let scene = Scene::set().await;
    let pool = scene.app.pool();
    let first = scene.send().await.expect(201).json();
    change_row(pool, "created_at = created_at - interval '23 hours 59 minutes'").await;
    assert!(replayed(&scene.send().await.expect(201)));
    change_row(pool, "created_at = created_at - interval '1 minute'").await;
    let second = scene.send().await.expect(201);
    assert!(!replayed(&second));
    assert_ne!(second.json()["id"], first["id"]);

    scene.program.post_once("another", &scene.cards(), &Scene::letter()).await.expect(201);
    change_row(pool, "created_at = created_at - interval '24 hours'").await;
    cairn::domain::idempotency_keys::sweep(pool).await.expect("old rows are swept");
    assert_eq!(rows(pool).await, 1, "the one that is not old stays");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_request_that_was_cut_off_after_its_change_is_not_run_again() {
    let scene = Scene::set().await;
    scene.send().await.expect(201);
    let before = scene.activities().await;
    change_row(scene.app.pool(), "sealed_answer = null").await;
    let running = scene.send().await;
    assert_eq!(running.header("retry-after"), "1");
    problem(running, 409);
    change_row(scene.app.pool(), "created_at = created_at - interval '61 seconds'").await;
    let lost = scene.send().await;
    assert_eq!(lost.header("retry-after"), "");
    assert!(problem(lost, 409).contains("its answer was lost"));
    assert_eq!(scene.activities().await, before, "it was run again");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_request_that_was_cut_off_before_its_change_is_taken_over() {
    let scene = Scene::set().await;
    scene.send().await.expect(201);
    let before = scene.activities().await;
    change_row(scene.app.pool(), "sealed_answer = null, carried_out_at = null").await;
    problem(scene.send().await, 409);
    change_row(scene.app.pool(), "created_at = created_at - interval '61 seconds'").await;
    assert!(!replayed(&scene.send().await.expect(201)));
    assert_eq!(scene.activities().await, before + 1);
    assert!(replayed(&scene.send().await.expect(201)));
    scene.app.finish().await;
}

/// The owner, who asks with a token for something that is to happen once.
fn once(scene: &Scene, request: IdempotencyKeyId) -> Actor {
    let (id, scope) = (TokenId::new(), Scope::Admin);
    let access = Access::Token { id, scope, idempotency_key_id: None };
    Actor { access, ..scene.account.owner.actor.clone() }.once(request)
}

async fn create_board(scene: &Scene, actor: &Actor) -> cairn::domain::Result<Board> {
    let log = Log::new(scene.app.pool().clone(), Vec::new());
    let name = Name::parse("A board").expect("a name");
    boards::create(&log, actor, name, BoardAccess::Everyone).await
}

#[tokio::test]
async fn a_change_and_its_mark_are_one_transaction() {
    let scene = Scene::set().await;
    scene.send().await.expect(201);
    change_row(scene.app.pool(), "sealed_answer = null, carried_out_at = null").await;
    let id: Uuid = sqlx::query_scalar("select id from idempotency_keys")
        .fetch_one(scene.app.pool())
        .await
        .expect("a row");
    create_board(&scene, &once(&scene, id.into())).await.expect("a board");
    let together: bool = sqlx::query_scalar(
        "select k.carried_out_at is not null and k.xmin = a.xmin
         from idempotency_keys k join activities a on a.account_id = k.account_id
         order by a.sequence desc limit 1",
    )
    .fetch_one(scene.app.pool())
    .await
    .expect("the newest activity");
    assert!(together, "the mark was set by another transaction than the activity");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_lost_the_key_makes_no_change() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let late = once(&scene, IdempotencyKeyId::new());
    assert!(create_board(&scene, &late).await.is_err());
    assert_eq!(scene.activities().await, before, "something was recorded");
    let (_, boards) = scene.program.pages("boards").await;
    assert_eq!(boards.len(), 1, "a board was made");
    scene.app.finish().await;
}

#[tokio::test]
async fn an_answer_is_kept_sealed() {
    let scene = Scene::set().await;
    scene.send().await.expect(201);
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed_answer from idempotency_keys")
        .fetch_one(scene.app.pool())
        .await
        .expect("a row");
    assert!(!String::from_utf8_lossy(&sealed).contains("letter"));
    change_row(scene.app.pool(), "sealed_answer = 'x'").await;
    assert!(problem(scene.send().await, 409).contains("its answer was lost"));
    scene.app.finish().await;
}
