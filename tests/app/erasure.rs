//! Somebody's data is erased: nothing of it is left anywhere, and the log is as true as before.

use cairn::events::checkpoints;
use cairn::values::{Role, Scope};
use reqwest::Method;
use serde_json::json;

use crate::backup::cairn;
use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;
use crate::support::program::{Program, with_json};
use crate::support::server::{Server, until};
use crate::support::sink::Sink;

/// Words that only the one who is erased ever wrote.
const WORDS: &str = "Heron";

/// A team of two and their admin, on one board; one of them writes, and others write over it.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    /// The number of the card that he wrote on.
    card: i64,
    _sink: Sink,
}

impl Scene {
    async fn new() -> Self {
        Self::told(&["cairn", "slack"]).await
    }

    /// The same with endpoints of these formats.
    async fn told(formats: &[&str]) -> Self {
        let (app, sink) = (TestApp::start().await, Sink::start().await);
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let owner = &account.owner;
        for format in formats {
            let url = sink.url(&format!("/{format}"));
            let fields = [("url", url.as_str()), ("events", "*"), ("format", *format)];
            owner.post("webhooks", &fields).await.expect(201);
        }
        let board = owner.create_board("Spring catalogue").await;
        let column = owner.add_column(board, "To do").await;
        let card = owner.add_card(board, column, "Write the letter").await;
        tomas.comment(card, "Heron one").await.expect(303);
        let description = [("description", "Heron two")];
        tomas.patch(&format!("cards/{card}"), &description).await.expect(303);
        owner.patch(&format!("cards/{card}"), &[("description", "Ours")]).await.expect(303);
        Self::undo_newest(&app, owner).await;
        owner.patch(&format!("cards/{card}"), &[("description", "Ours again")]).await.expect(303);
        tomas.comment(card, "Heron four").await.expect(303);
        let comment = "select id from comments order by id desc limit 1";
        let comment: uuid::Uuid =
            sqlx::query_scalar(comment).fetch_one(app.pool()).await.expect("a comment");
        owner.delete(&format!("cards/{card}/comments/{comment}")).await.expect(303);
        Self::undo_newest(&app, owner).await;
        let other = tomas.add_card(board, column, "Heron three").await;
        tomas.rename_card(other, "Call the printer").await.expect(303);
        owner.delete(&format!("cards/{card}")).await.expect(303);
        Self::undo_newest(&app, owner).await;
        sink.has(if formats.is_empty() { 0 } else { 7 }).await;
        Self { app, account, tomas, card, _sink: sink }
    }

    /// The owner takes back what was done last, so that it says again what was said before.
    async fn undo_newest(app: &TestApp, owner: &Person) {
        let newest = "select id from activities order by sequence desc limit 1";
        let newest: uuid::Uuid =
            sqlx::query_scalar(newest).fetch_one(app.pool()).await.expect("an activity");
        owner.post(&format!("activities/{newest}/restoration"), &[]).await.expect(303);
    }

    /// The tables in which words stand, as they are or as the bytes of something.
    async fn tables_with(&self, words: &str) -> Vec<String> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = relnamespace
             where relkind = 'r' and nspname in ('public', 'tower_sessions') order by 1",
        )
        .fetch_all(self.app.pool())
        .await
        .expect("tables");
        let mut found = Vec::new();
        for table in tables {
            let with = format!(
                "select exists (select from {table} t where t::text ilike '%' || $1 || '%'
                 or t::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%')"
            );
            let with = sqlx::query_scalar(&with).bind(words).fetch_one(self.app.pool()).await;
            if with.expect("rows") {
                found.push(table);
            }
        }
        found
    }

    /// Keeps boards as they were after each of their events; how many times.
    async fn keep_boards(&self) -> usize {
        let account = self.account.owner.actor.account.id;
        checkpoints::keep_every(self.app.pool(), account, 1).await.expect("checkpoints")
    }

    /// A comment of a program that comes from an address; what the log says of that.
    async fn comment_from(&self, program: &Program, address: &str) -> Option<String> {
        let path = format!("cards/{}/comments", self.card);
        let request = program.request(Method::POST, &path).header("x-forwarded-for", address);
        program.send(with_json(request, &json!({ "body": "On it." }))).await.expect(201);
        let newest = "select d.address from activities a
                      join addresses d on d.account_id = a.account_id and d.id = a.address_id
                      where a.account_id = $1 order by a.sequence desc limit 1";
        let newest = sqlx::query_scalar(newest).bind(self.account.owner.actor.account.id.uuid());
        newest.fetch_one(self.app.pool()).await.expect("a row for an address")
    }

    async fn erase(&self) {
        let (owner, place) = (&self.account.owner, self.tomas.place());
        owner.delete(&place).await.expect(303);
        let members = owner.get("members").await.expect(200).body;
        assert!(members.contains("Former members"), "{members}");
        let asked = owner.get(&format!("{place}/erasure")).await.expect(200).body;
        assert!(asked.contains("Erase the data of Tomas Lindqvist?"), "{asked}");
        owner.post(&format!("{place}/erasure"), &[]).await.expect(303);
    }
}

#[tokio::test]
async fn nothing_of_somebody_who_was_erased_is_left_and_the_log_verifies() {
    for formats in [&["cairn"][..], &["cairn", "slack"]] {
        nothing_is_left(Scene::told(formats).await).await;
    }
}

async fn nothing_is_left(scene: Scene) {
    scene.keep_boards().await;
    let with = scene.tables_with(WORDS).await;
    assert!(with.iter().any(|table| table == "board_checkpoints"), "{with:?}");
    for words in [WORDS, "Tomas", "tomas@northfold.example"] {
        assert!(!scene.tables_with(words).await.is_empty(), "the scene has no {words}");
    }
    scene.erase().await;
    for words in [WORDS, "Tomas", "tomas@northfold.example"] {
        assert_eq!(scene.tables_with(words).await, Vec::<String>::new(), "{words}");
    }
    // Boards as they were are kept anew without, and are what the log says still.
    assert!(scene.keep_boards().await > 0, "nothing is kept anew");
    assert_eq!(scene.tables_with(WORDS).await, Vec::<String>::new());
    let (done, said) = cairn(["verify"], &scene.app.database.url().await).await;
    assert!(done, "{said}");

    let owner = &scene.account.owner;
    let page = owner.get(&format!("cards/{}", scene.card)).await.expect(200).body;
    assert!(page.contains("(erased)") && page.contains("Former member"), "{page}");
    let history = owner.get(&format!("cards/{}/history", scene.card)).await.expect(200).body;
    assert!(history.contains("(erased)") && !history.contains(WORDS), "{history}");
    let feed = owner.get("activity").await.expect(200).body;
    assert!(feed.contains("Former member") && !feed.contains("Tomas"), "{feed}");
    let found = owner.get("search?q=Heron").await.expect(200).body;
    assert!(!found.contains("Heron one"), "{found}");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_owners_erase_only_former_members_and_only_once() {
    let scene = Scene::new().await;
    let (owner, place) = (&scene.account.owner, format!("{}/erasure", scene.tomas.place()));
    let admin = scene.app.member(&scene.account, "Rowan Bell", Role::Admin).await;
    let refused = owner.post(&place, &[]).await.expect(422).body;
    assert!(refused.contains("They are a member still"), "{refused}");
    owner.delete(&scene.tomas.place()).await.expect(303);
    admin.post(&place, &[]).await.expect(403);
    admin.get(&place).await.expect(403);
    let members = admin.get("members").await.expect(200).body;
    assert!(!members.contains("Former members"), "{members}");
    owner.post(&place, &[]).await.expect(303);
    owner.post(&place, &[]).await.expect(404);
    let members = owner.get("members").await.expect(200).body;
    assert!(!members.contains("Former members"), "{members}");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_comes_back_after_that_is_somebody_new() {
    let scene = Scene::new().await;
    scene.erase().await;
    let again = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
    assert_ne!(again.actor.user_id, scene.tomas.actor.user_id);
    again.comment(scene.card, "Back again").await.expect(303);
    let page = again.get(&format!("cards/{}", scene.card)).await.expect(200).body;
    assert!(page.contains("Former member") && page.contains("Tomas Lindqvist"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn every_process_forgets_what_was_erased() {
    // What the test itself records is owed to nobody.
    let scene = Scene::told(&[]).await;
    let url = scene.app.database.url().await;
    let mut other = Server::start_behind_proxy(&url).await;
    let history = format!("/northfold/cards/{}/history", scene.card);
    let there = scene.account.owner.client.at(other.address());
    assert!(there.get(&history).await.expect(200).body.contains(WORDS), "it is not held there");
    let his = scene.app.program(&scene.tomas, Scope::Write).await.at(other.address());
    let hers = scene.app.program(&scene.account.owner, Scope::Write).await.at(other.address());
    let address = "203.0.113.7";
    assert_eq!(scene.comment_from(&his, address).await.as_deref(), Some(address));
    scene.erase().await;
    until("the other process to forget", async || {
        let page = there.get(&history).await.expect(200).body;
        (!page.contains(WORDS)).then_some(())
    })
    .await;
    // Said in one breath: who has forgotten the one has forgotten the other.
    assert_eq!(scene.comment_from(&hers, address).await.as_deref(), Some(address));
    let (done, said) = cairn(["verify"], &url).await;
    assert!(done, "{said}");
    assert!(other.stop().await.success(), "{:?}", other.log());
    scene.app.finish().await;
}

#[tokio::test]
async fn the_process_that_erases_forgets_too() {
    let mut scene = Scene::told(&[]).await;
    scene.app.server.stop().await;
    let url = scene.app.database.url().await;
    scene.app.server = Server::start_behind_proxy(&url).await;
    let address = scene.app.server.address().to_owned();
    let his = scene.app.program(&scene.tomas, Scope::Write).await.at(&address);
    let hers = scene.app.program(&scene.account.owner, Scope::Admin).await.at(&address);
    assert!(scene.comment_from(&his, "203.0.113.7").await.is_some());
    hers.delete(&scene.tomas.place()).await.expect(204);
    hers.post(&format!("{}/erasure", scene.tomas.place()), &json!({})).await.expect(204);
    let again = scene.comment_from(&hers, "203.0.113.7").await;
    assert_eq!(again.as_deref(), Some("203.0.113.7"));
    scene.app.finish().await;
}

#[tokio::test]
async fn answers_that_may_quote_somebody_are_forgotten_and_nothing_is_done_twice() {
    let scene = Scene::told(&[]).await;
    let program = scene.app.program(&scene.account.owner, Scope::Write).await;
    let (path, said) = (format!("cards/{}/comments", scene.card), json!({ "body": "Heron five" }));
    program.post_once("a-key", &path, &said).await.expect(201);
    let again = program.post_once("a-key", &path, &said).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    scene.erase().await;
    let kept = "select count(*) from idempotency_keys where sealed_answer is not null";
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(kept, 0);
    let comments = "select count(*) from comments where body = 'Heron five'";
    program.post_once("a-key", &path, &said).await.expect(409);
    let comments: i64 =
        sqlx::query_scalar(comments).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(comments, 1);
    scene.app.finish().await;
}
