//! A board as it was: the page, the API, and the checkpoints that both are read from.

use cairn::domain::replay::replay;
use cairn::events::{Log, checkpoints};
use cairn::values::id::{BoardId, ColumnId};
use cairn::values::{Role, Scope};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::program::Program;

/// A board of two columns, and Tomas, a member.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    program: Program,
    board: BoardId,
    columns: [ColumnId; 2],
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let program = app.program(&account.owner, Scope::Admin).await;
        let board = account.owner.create_board("Spring catalogue").await;
        let doing = account.owner.add_column(board, "Doing").await;
        let columns = [doing, account.owner.add_column(board, "Done").await];
        Self { app, account, tomas, program, board, columns }
    }

    fn olive(&self) -> &Person {
        &self.account.owner
    }

    fn pool(&self) -> &PgPool {
        self.app.pool()
    }

    async fn head(&self) -> i64 {
        self.app.activities(&self.account).await
    }

    /// Adds a card; its number, and that of its event in the log.
    async fn add(&self, title: &str) -> (i64, i64) {
        let card = self.olive().add_card(self.board, self.columns[0], title).await;
        (card, self.head().await)
    }

    async fn page(&self, at: impl std::fmt::Display) -> Answer {
        self.olive().get(&format!("boards/{}?at={at}", self.board)).await
    }

    async fn ask(&self, at: impl std::fmt::Display) -> Answer {
        self.program.get(&format!("boards/{}?at={at}", self.board)).await
    }

    /// The titles on the board as it was, column by column.
    async fn titles(&self, at: impl std::fmt::Display) -> Value {
        let board = self.ask(at).await.expect(200).json();
        let columns = board["columns"].as_array().expect("columns");
        let titles = columns.iter().map(|column| {
            let cards = column["cards"].as_array().expect("cards");
            cards.iter().map(|card| card["title"].clone()).collect::<Vec<_>>()
        });
        json!(titles.collect::<Vec<_>>())
    }

    async fn recorded_at(&self, sequence: i64) -> OffsetDateTime {
        let query = "select created_at from activities where account_id = $1 and sequence = $2";
        let query = sqlx::query_scalar(query).bind(self.olive().actor.account.id.uuid());
        query.bind(sequence).fetch_one(self.pool()).await.expect("an activity")
    }

    async fn kept(&self) -> Vec<i64> {
        let query = "select sequence from board_checkpoints order by sequence";
        sqlx::query_scalar(query).fetch_all(self.pool()).await.expect("checkpoints")
    }

    async fn keep(&self, every: i64) -> usize {
        let account = self.olive().actor.account.id;
        checkpoints::keep_every(self.pool(), account, every).await.expect("checkpoints")
    }
}

#[tokio::test]
async fn a_board_is_shown_as_it_was() {
    let scene = Scene::set().await;
    let (olive, [_, done]) = (scene.olive(), scene.columns);
    let (card, added) = scene.add("Write the letter").await;
    let user = ("user_id", &*scene.tomas.actor.user_id.to_string());
    olive.post(&format!("cards/{card}/assignments"), &[user]).await.expect(303);
    olive.post(&format!("cards/{card}/tags"), &[("name", "print")]).await.expect(303);
    olive.comment(card, "It reads well.").await.expect(303);
    let full = scene.head().await;
    olive.rename_card(card, "Write the other letter").await.expect(303);
    olive.move_card(card, done).await.expect(303);
    let moved = scene.head().await;
    olive.post(&format!("cards/{card}/closure"), &[]).await.expect(303);
    let closed = scene.head().await;
    olive.delete(&format!("cards/{card}")).await.expect(303);
    let deleted = scene.head().await;

    assert_eq!(scene.titles(added - 1).await, json!([[], []]));
    assert_eq!(scene.titles(added).await, json!([["Write the letter"], []]));
    assert_eq!(scene.titles(moved).await, json!([[], ["Write the other letter"]]));
    assert_eq!(scene.titles(deleted).await, json!([[], []]));
    let then = scene.ask(full).await.expect(200).json();
    let face = &then["columns"][0]["cards"][0];
    assert_eq!(face["comments"], 1);
    assert_eq!(face["assignees"], json!([scene.tomas.actor.user_id.to_string()]));
    assert_eq!(face["tags"][0]["name"], "print");
    assert_eq!(then["past"]["sequence"], full);
    assert_eq!(then["past"]["previous"], full - 1);
    assert_eq!(then["past"]["next"], full + 1);
    assert_eq!(then["past"]["creator_id"], olive.actor.user_id.to_string());

    let page = scene.page(full).await.expect(200).body;
    for shown in ["Write the letter", "print", "Tomas Lindqvist", "This is the past.", "Changed"] {
        assert!(page.contains(shown), "{shown} is not on {page}");
    }
    for (rel, to) in [("prev", full - 1), ("next", full + 1)] {
        let link = format!("?at={to}\" rel=\"{rel}\"");
        assert!(page.contains(&link), "no {link} on {page}");
    }
    let main = &page[page.find("<main").expect("a page")..];
    for never in ["method=\"post\"", "turbo-cable-stream-source", "data-moves-url", "drag", "/edit"]
    {
        assert!(!main.contains(never), "{never} is on {main}");
    }
    let page = scene.page(closed).await.expect(200).body;
    assert!(page.contains("1 closed") && page.contains("Write the other letter"), "{page}");
    let page = scene.page(deleted).await.expect(200).body;
    assert!(page.contains("deleted") && !page.contains("rel=\"next\""), "{page}");
    let now = olive.get(&format!("boards/{}", scene.board)).await.expect(200).body;
    assert!(now.contains("?at=newest\""), "no way to the past on {now}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_time_is_as_good_as_a_number() {
    let scene = Scene::set().await;
    let (_, first) = scene.add("Write the letter").await;
    let (_, second) = scene.add("Find a stamp").await;
    for (sequence, titles) in [
        (first, json!([["Write the letter"], []])),
        (second, json!([["Write the letter", "Find a stamp"], []])),
    ] {
        let time = scene.recorded_at(sequence).await;
        let time = time.format(&Rfc3339).expect("a time");
        assert_eq!(scene.titles(&time).await, titles, "at {time}");
    }
    let before = scene.recorded_at(first).await - time::Duration::MICROSECOND;
    let before = before.format(&Rfc3339).expect("a time");
    assert_eq!(scene.titles(&before).await, json!([[], []]));
    let zoned = [("name", "Olive"), ("time_zone", "Europe/Zurich")];
    scene.olive().patch("profile", &zoned).await.expect(303);
    let hours_ago = cairn::values::clock::now() - time::Duration::hours(3);
    let local = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let local = hours_ago.format(local).expect("a time");
    let page = scene.page(&local).await.expect(422).body;
    assert!(page.contains("This board was made on"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_no_time_of_the_board_is_answered_clearly() {
    let scene = Scene::set().await;
    let (_, head) = scene.add("Write the letter").await;
    for (at, words, nearest) in [
        ("2999-01-01T00:00:00Z", "This time is still to come.", head),
        ("2999-01-01T00:00", "This time is still to come.", head),
        ("1999-01-01T00:00:00Z", "This board was made on", head - 3),
        ("-000044-01-01T00:00", "This board was made on", head - 3),
        ("0", "This board was made on", head - 3),
        ("1", "This board was made on", head - 3),
        ("-7", "This board was made on", head - 3),
        ("99999999999999999999", "The log goes up to", head),
        ("999999", "The log goes up to", head),
        ("", "Write a time as", head),
        ("soon", "Write a time as", head),
        ("%00%3Cb%3E", "Write a time as", head),
        ("2026-02-30T00:00", "Write a time as", head),
    ] {
        let page = scene.page(at).await.expect(422).body;
        assert!(page.contains(words), "{at}: no {words} on {page}");
        assert!(
            page.contains(&format!("data-time-travel-sequence-value=\"{nearest}\"")),
            "{at}: {page}"
        );
        assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"at_error"), "{at}: {page}");
        assert!(!page.contains("<b>\""), "{at}: {page}");
        let problem = scene.ask(at).await.expect(422).json();
        assert_eq!(problem["errors"][0]["field"], "at", "{at}: {problem}");
        let message = problem["errors"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(words), "{at}: {problem}");
    }
    scene.ask("1&at=2").await.expect(400);
    scene.page("1&at=2").await.expect(400);
    scene.app.finish().await;
}

#[tokio::test]
async fn who_may_look_is_decided_by_who_sees_the_board_now() {
    let scene = Scene::set().await;
    let (olive, (_, open)) = (scene.olive(), scene.add("Write the letter").await);
    let path = format!("boards/{}?at={open}", scene.board);
    scene.tomas.get(&path).await.expect(200);
    let everyone = format!("boards/{}/accesses/everyone", scene.board);
    olive.delete(&everyone).await.expect(303);
    scene.tomas.get(&path).await.expect(404);
    olive.get(&path).await.expect(200);
    let other = scene.app.account("kiln-press").await;
    other.owner.get(&path).await.expect(404);
    let elsewhere = other.owner.create_board("Elsewhere").await;
    scene.olive().get(&format!("boards/{elsewhere}?at=1")).await.expect(404);
    olive.post(&format!("boards/{}/archival", scene.board), &[]).await.expect(303);
    let page = olive.get(&path).await.expect(200).body;
    assert!(page.contains("Write the letter"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn people_are_named_as_they_are_called_now() {
    let scene = Scene::set().await;
    let (card, _) = scene.add("Write the letter").await;
    let user = ("user_id", &*scene.tomas.actor.user_id.to_string());
    scene.olive().post(&format!("cards/{card}/assignments"), &[user]).await.expect(303);
    let assigned = scene.head().await;
    scene.olive().delete(&scene.tomas.place()).await.expect(303);
    let page = scene.page(assigned).await.expect(200).body;
    assert!(page.contains("aria-label=\"Tomas Lindqvist\""), "{page}");
    let page = scene.page(scene.head().await).await.expect(200).body;
    assert!(!page.contains("aria-label=\"Tomas Lindqvist\""), "it is nobody's work now: {page}");
    scene.app.finish().await;
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
