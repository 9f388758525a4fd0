//! What is refused: a clear 4xx with words a person understands, and nothing recorded.

use cairn::values::Role;
use reqwest::Method;

use crate::support::TestApp;
use crate::support::app::{Account, PASSWORD};
use crate::support::client::Answer;

/// A board with a column and a card, by one owner.
struct Board {
    account: Account,
    board: cairn::values::id::BoardId,
    column: cairn::values::id::ColumnId,
    card: i64,
}

impl Board {
    async fn set(app: &TestApp) -> Self {
        let account = app.account("northfold").await;
        let board = account.owner.create_board("Spring catalogue").await;
        let column = account.owner.add_column(board, "Doing").await;
        let card = account.owner.add_card(board, column, "Write the letter").await;
        Self { account, board, column, card }
    }

    fn moves(&self) -> String {
        format!("cards/{}/moves", self.card)
    }
}

/// The answer marks the field and says what is wrong with it.
#[track_caller]
fn marks(answer: Answer, words: &str) {
    let answer = answer.expect(422);
    assert!(answer.body.contains("aria-invalid=\"true\""), "no field is marked: {}", answer.body);
    assert!(answer.body.contains(words), "does not say {words:?}: {}", answer.body);
}

#[tokio::test]
async fn titles_that_are_none_are_marked() {
    let app = TestApp::start().await;
    let set = Board::set(&app).await;
    let before = app.activities(&set.account).await;
    let (column, long) = (set.column.to_string(), "x".repeat(251));
    for title in ["", "   ", "a\0b", long.as_str()] {
        let cards = format!("boards/{}/cards", set.board);
        let fields = [("title", title), ("column_id", column.as_str())];
        marks(set.account.owner.post(&cards, &fields).await, "title");
        set.account.owner.rename_card(set.card, title).await.expect(422);
    }
    assert_eq!(app.activities(&set.account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn columns_that_are_unknown_or_of_another_board_take_no_card() {
    let app = TestApp::start().await;
    let set = Board::set(&app).await;
    let elsewhere = set.account.owner.create_board("Another").await;
    let elsewhere = set.account.owner.add_column(elsewhere, "Elsewhere").await.to_string();
    let before = app.activities(&set.account).await;
    let unknown = cairn::values::id::ColumnId::new().to_string();
    for column in [elsewhere.as_str(), unknown.as_str(), "not-a-uuid", ""] {
        let answer = set.account.owner.post(&set.moves(), &[("column_id", column)]).await;
        assert!(answer.status.is_client_error(), "{column:?}: {answer:?}");
        assert!(!answer.body.contains("uuid"), "inner words reach a person: {}", answer.body);
    }
    assert_eq!(app.activities(&set.account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_no_event() {
    let app = TestApp::start().await;
    let set = Board::set(&app).await;
    let before = app.activities(&set.account).await;
    set.account.owner.move_card(set.card, set.column).await.expect(303);
    let same = set.account.owner.rename_card(set.card, "Write the letter").await;
    assert!(same.status.is_redirection(), "{same:?}");
    assert_eq!(app.activities(&set.account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let app = TestApp::start().await;
    let set = Board::set(&app).await;
    let before = app.activities(&set.account).await;
    let client = &set.account.owner.client;
    let path = set.account.owner.path(&set.moves());
    let forms = ["", "authenticity_token=wrong"];
    for form in forms {
        let request = client.request(Method::POST, &path);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = client.send(request.body(form)).await.expect(403);
        assert!(answer.body.contains("reload the page"), "{}", answer.body);
    }
    assert_eq!(app.activities(&set.account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_read_the_same() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let without_password = without_password(&app, &account).await;
    let mut answers = Vec::new();
    for (email, password) in [
        (account.owner.email.as_str(), "not the password"),
        ("nobody@example.com", PASSWORD),
        (without_password.as_str(), PASSWORD),
        ("no address at all", PASSWORD),
    ] {
        let client = app.stranger();
        client.get("/session").await.expect(200);
        let before = password_checks(&app).await;
        let fields = [("email", email), ("password", password)];
        let answer = client.submit(Method::POST, "/session", &fields).await.expect(422);
        // One comparison each: nobody is told apart by the time it takes.
        assert_eq!(password_checks(&app).await - before, 1, "{email}");
        answers.push(words(&answer.body, email));
    }
    let first = &answers[0];
    assert!(answers.iter().all(|answer| answer == first), "the answer tells who has an account");
    app.finish().await;
}

/// Somebody who was made a member by an operator and has not used their link yet.
async fn without_password(app: &TestApp, account: &Account) -> String {
    let person = app.member(account, "Tomas Lindqvist", Role::Member).await;
    let query = "update identities set password_hash = null where email = $1";
    let forget = sqlx::query(query).bind(person.email.as_str()).execute(app.pool());
    forget.await.expect("an identity");
    person.email.to_string()
}

/// How many passwords the server has compared.
async fn password_checks(app: &TestApp) -> u64 {
    let metrics = app.stranger().get("/metrics").await.expect(200);
    let line =
        metrics.body.lines().find_map(|line| line.strip_prefix("cairn_password_checks_total "));
    line.map_or(0, |count| count.parse().expect("a count"))
}

#[tokio::test]
async fn an_unknown_invitation_and_one_of_another_account_read_the_same() {
    let app = TestApp::start().await;
    let (northfold, _) = (app.account("northfold").await, app.account("southfold").await);
    let fields = [("email", "rowan@northfold.example"), ("role", "member")];
    let made = northfold.owner.post("invitations", &fields).await.expect(201);
    let (_, link) = made.body.split_once("/northfold/invitations/").expect("a link");
    let token = link.split('<').next().expect("its end");
    let client = app.stranger();
    client.get(&format!("/northfold/invitations/{token}")).await.expect(200);
    let mut answers = Vec::new();
    for path in [
        format!("/southfold/invitations/{token}"),
        "/southfold/invitations/unknown".to_owned(),
        "/northfold/invitations/unknown".to_owned(),
        format!("/nowhere/invitations/{token}"),
        format!("/password_links/{token}"),
    ] {
        answers.push(words(&client.get(&path).await.expect(404).body, token));
        let acceptance = client.submit(Method::POST, &format!("{path}/acceptance"), &[]).await;
        answers.push(words(&acceptance.expect(404).body, token));
    }
    let first = &answers[0];
    assert!(answers.iter().all(|answer| answer == first), "an answer tells what exists elsewhere");
    app.finish().await;
}

/// A page without what differs by request: the address typed, tokens and nonces.
fn words(body: &str, email: &str) -> String {
    let (_, main) = body.split_once("<main").expect("a page");
    let hidden = main.split("name=\"authenticity_token\" value=\"").enumerate();
    let shown = hidden.map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('"').map_or(part, |(_, rest)| rest),
    });
    shown.collect::<String>().replace(email, "somebody")
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let app = TestApp::start().await;
    let set = Board::set(&app).await;
    for path in ["boards/none", "boards/0", "cards/none", "cards/-1", "cards/99999999999999999999"]
    {
        set.account.owner.get(path).await.expect(404);
    }
    app.finish().await;
}
