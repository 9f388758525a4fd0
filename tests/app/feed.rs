//! The feeds: what they are narrowed to, what they refuse, and that the statements a page takes do
//! not grow with its lines.

use cairn::values::id::BoardId;
use cairn::values::{Role, Scope};
use serde_json::Value;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::program::Program;

/// How many statements a page took. Its last one is logged before the answer is sent.
async fn statements(app: &TestApp, person: &Person, path: &str) -> usize {
    let answer: Answer = person.get(path).await.expect(200);
    let id = answer.header("x-request-id").to_owned();
    assert!(!id.is_empty(), "the answer to {path} carries no id");
    // Later than all of this request's own lines in the log.
    let marker = person.get("cards/404404").await.expect(404).header("x-request-id").to_owned();
    app.server.logged(|line| line.contains(&marker) && line.contains("refused")).await;
    app.server.statements_of(&id)
}

#[tokio::test]
async fn statements_do_not_grow_with_the_lines() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let board = owner.create_board("Spring catalogue").await;
    let columns = [owner.add_column(board, "Doing").await, owner.add_column(board, "Done").await];
    let card = owner.add_card(board, columns[0], "Write the letter").await;
    let pages = ["activity".to_owned(), format!("boards/{board}"), format!("cards/{card}/history")];
    owner.move_card(card, columns[1]).await.expect(303);
    owner.comment(card, "It reads well.").await.expect(303);
    let mut few = Vec::new();
    for page in &pages {
        few.push(statements(&app, owner, page).await);
    }
    for number in 0..20 {
        owner.move_card(card, columns[number % 2]).await.expect(303);
        owner.comment(card, "Again.").await.expect(303);
    }
    for (page, few) in pages.iter().zip(few) {
        let many = statements(&app, owner, page).await;
        assert!(few > 0 && many <= few, "{page}: {few} statements for few lines, {many} for many");
    }
    app.finish().await;
}

/// Two boards with a card each; Olive commented on the first, Tomas on the second.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    boards: [BoardId; 2],
    cards: [i64; 2],
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let olive = &account.owner;
        let boards = [olive.create_board("Spring").await, olive.create_board("Autumn").await];
        let columns = [
            olive.add_column(boards[0], "Doing").await,
            olive.add_column(boards[1], "Doing").await,
        ];
        let cards = [
            olive.add_card(boards[0], columns[0], "Sow").await,
            olive.add_card(boards[1], columns[1], "Reap").await,
        ];
        olive.comment(cards[0], "It is warm.").await.expect(303);
        tomas.comment(cards[1], "It is cold.").await.expect(303);
        Self { app, account, tomas, boards, cards }
    }

    /// Whether somebody’s feed, narrowed so, shows each of the two comments.
    async fn shows(&self, person: &Person, query: &str) -> [bool; 2] {
        let page = person.get(&format!("activity?{query}")).await.expect(200).body;
        ["It is warm.", "It is cold."].map(|comment| page.contains(comment))
    }

    /// The kinds that the API’s list, narrowed so, names, and the boards.
    async fn listed(&self, program: &Program, query: &str) -> Vec<(String, String)> {
        let list = program.get(&format!("activities?{query}")).await.expect(200).json();
        let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lines = list.as_array().expect("a list").iter();
        lines.map(|line| (words(&line["event"]), words(&line["board_id"]))).collect()
    }

    /// Lets the last comment have been made at a moment, and all before it two days earlier.
    async fn comment_was_made(&self, at: &str) {
        let query = "update activities a
                     set created_at = $1::text::timestamptz
                         - case when a.sequence < last.sequence then interval '2 days' else '0' end
                     from (select max(sequence) as sequence from activities
                           where subject_type = 'comment_added') last
                     where a.sequence <= last.sequence";
        let set = sqlx::query(query).bind(at).execute(self.app.pool()).await.expect("activities");
        assert!(set.rows_affected() > 1);
    }
}

#[tokio::test]
async fn a_page_shows_what_was_asked_for() {
    let scene = Scene::set().await;
    let (olive, [spring, autumn]) = (&scene.account.owner, scene.boards);
    let (me, tomas) = (olive.actor.user_id, scene.tomas.actor.user_id);
    for (query, shown) in [
        (String::new(), [true, true]),
        ("kind=&board_id=&creator_id=&day=&before=".to_owned(), [true, true]),
        ("kind=comment.added".to_owned(), [true, true]),
        ("kind=comment.*".to_owned(), [true, true]),
        ("kind=card.*".to_owned(), [false, false]),
        ("kind=card.*&kind=comment.added".to_owned(), [true, true]),
        (format!("board_id={spring}"), [true, false]),
        (format!("board_id={spring}&board_id={autumn}"), [true, true]),
        (format!("creator_id={me}"), [true, false]),
        (format!("creator_id={tomas}"), [false, true]),
        (format!("creator_id={tomas}&board_id={spring}"), [false, false]),
        ("day=1999-12-31".to_owned(), [false, false]),
        ("before=1".to_owned(), [false, false]),
    ] {
        assert_eq!(scene.shows(olive, &query).await, shown, "{query}");
    }
    let empty = olive.get("activity?day=1999-12-31").await.expect(200).body;
    assert!(empty.contains("Nothing of that sort."), "{empty}");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_api_lists_what_was_asked_for() {
    let scene = Scene::set().await;
    let program = scene.app.program(&scene.account.owner, Scope::Read).await;
    let (spring, tomas) = (scene.boards[0].to_string(), scene.tomas.actor.user_id);
    let of_board = scene.listed(&program, &format!("board_id={spring}")).await;
    assert!(of_board.len() > 1 && of_board.iter().all(|line| line.1 == spring), "{of_board:?}");
    let of_tomas = scene.listed(&program, &format!("creator_id={tomas}&kind=comment.added")).await;
    assert_eq!(of_tomas, [("comment.added".to_owned(), scene.boards[1].to_string())]);
    assert_eq!(scene.listed(&program, "before=1").await, []);
    for query in ["kind=card.flown", "board_id=x", "creator_id=x", "before=x"] {
        let refused = program.get(&format!("activities?{query}")).await.expect(400).json();
        let name = query.split('=').next().expect("a name");
        assert!(refused["detail"].to_string().contains(name), "{query}: {refused}");
    }
    let unknown = [
        format!("board_id={}", BoardId::new()),
        format!("creator_id={}", cairn::values::id::UserId::new()),
    ];
    for query in &unknown {
        let refused = program.get(&format!("activities?{query}")).await.expect(422).json();
        let field = query.split('=').next().expect("a name");
        assert_eq!(refused["errors"][0]["field"], field, "{query}: {refused}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said() {
    let scene = Scene::set().await;
    let (board, person) = (BoardId::new(), cairn::values::id::UserId::new());
    for (query, words) in [
        ("kind=card.flown".to_owned(), "There is no event called “card.flown”."),
        ("board_id=x".to_owned(), "There is no such board."),
        (format!("board_id={board}"), "There is no such board, or none that you see."),
        ("creator_id=x".to_owned(), "There is no such person."),
        (format!("creator_id={person}"), "There is no such person in this account."),
        ("day=2026-02-30".to_owned(), "Write a day of the calendar as 2026-11-25."),
        ("before=x".to_owned(), "There is no such page of this feed."),
    ] {
        let refused = scene.tomas.get(&format!("activity?{query}")).await.expect(422);
        assert!(refused.body.contains(words), "{query}: {}", refused.body);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn a_day_is_one_of_the_viewers_zone() {
    let scene = Scene::set().await;
    let olive = &scene.account.owner;
    scene.comment_was_made("2026-03-10 23:30:00Z").await;
    for (zone, day, other) in [
        ("Pacific/Auckland", "2026-03-11", "2026-03-10"),
        ("America/New_York", "2026-03-10", "2026-03-11"),
    ] {
        let fields = [("name", "Olive Marsh"), ("time_zone", zone)];
        olive.patch("profile", &fields).await.expect(303);
        assert_eq!(scene.shows(olive, &format!("day={day}")).await, [false, true], "{zone}");
        assert_eq!(scene.shows(olive, &format!("day={other}")).await, [false; 2], "{zone}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn a_deleted_card_is_named_and_leads_nowhere() {
    let scene = Scene::set().await;
    let card = scene.cards[0];
    scene.account.owner.delete(&format!("cards/{card}")).await.expect(303);
    let page = scene.tomas.get("activity").await.expect(200).body;
    assert!(page.contains(r#"<b class="gone">Sow</b>"#), "{page}");
    assert!(!page.contains(&format!("/cards/{card}\"")), "a line still leads there: {page}");
    scene.app.finish().await;
}
