//! A board as it was: the page, the API, and the checkpoints that both are read from.

mod checkpoints;

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
async fn the_slider_is_marked_with_when_it_was() {
    let scene = Scene::set().await;
    let owner = scene.olive().actor.user_id.uuid();
    let zone = "update users set time_zone = 'Europe/Zurich' where id = $1";
    sqlx::query(zone).bind(owner).execute(scene.pool()).await.expect("a zone");
    scene.olive().create_board("Another").await;
    scene.add("Write the letter").await;
    let (first, newest) = (scene.head().await - 4, scene.head().await);
    // Nothing for a month after the board was made, and then all of it on one evening.
    let made = "update activities set created_at = case sequence
                    when $1 then timestamptz '2026-06-01 10:00:00Z'
                    else timestamptz '2026-07-05 22:00:00Z' + sequence * interval '1 min' end
                where sequence >= $1";
    sqlx::query(made).bind(first).execute(scene.pool()).await.expect("times");
    let page = scene.page(newest).await.expect(200).body;
    let scale = &page[page.find("id=\"travel_scale\"").expect("a scale")..];
    let scale = &scale[..scale.find("</ol>").expect("its end")];
    let marks: Vec<&str> = scale.split("<li>").skip(1).collect();
    assert_eq!(marks.len(), 5, "{scale}");
    assert_eq!(marks[0], "<span>1 Jun 2026</span> <span>12:00</span></li>");
    let evening = format!("<span>6 Jul 2026</span> <span>00:{:02}</span></li>", newest);
    assert_eq!(marks[4], evening);
    // A board of one change has one mark.
    let other = scene.olive().create_board("Empty").await;
    let page = scene.olive().get(&format!("boards/{other}?at=newest")).await.expect(200).body;
    let scale = &page[page.find("id=\"travel_scale\"").expect("a scale")..];
    assert_eq!(scale[..scale.find("</ol>").expect("its end")].matches("<li>").count(), 1);
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
