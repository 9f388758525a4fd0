//! Somebody's data is erased: nothing of it is left anywhere, and the log is as true as before.

use cairn::values::Role;

use crate::backup::cairn;
use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;
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
        sink.has(7).await;
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
    for words in [WORDS, "Tomas", "tomas@northfold.example"] {
        assert!(!scene.tables_with(words).await.is_empty(), "the scene has no {words}");
    }
    scene.erase().await;
    for words in [WORDS, "Tomas", "tomas@northfold.example"] {
        assert_eq!(scene.tables_with(words).await, Vec::<String>::new(), "{words}");
    }
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
