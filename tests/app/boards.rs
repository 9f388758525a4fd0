//! Boards: renaming, putting away and restoring them, by pages and by the API.

use cairn::values::id::BoardId;
use cairn::values::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::program::{Program, with_json};

/// A board that Olive made, and Tomas, a member who did not.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    board: BoardId,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let board = account.owner.create_board("Spring catalogue").await;
        Self { app, account, tomas, board }
    }

    fn path(&self, rest: &str) -> String {
        format!("boards/{}{rest}", self.board)
    }

    async fn activities(&self) -> i64 {
        self.app.activities(&self.account).await
    }

    /// The newest entry of the log.
    async fn newest(&self, program: &Program) -> Value {
        program.get("activities?limit=1").await.expect(200).json()[0].clone()
    }
}

async fn delete(person: &Person, rest: &str) -> Answer {
    person.client.submit(Method::DELETE, &person.path(rest), &[]).await
}

async fn ask(program: &Program, method: Method, rest: &str, body: &Value) -> Answer {
    program.send(with_json(program.request(method, rest), body)).await
}

#[tokio::test]
async fn its_maker_renames_a_board_on_its_page() {
    let scene = Scene::set().await;
    let olive = &scene.account.owner;
    let settings = olive.get(&scene.path("/edit")).await.expect(200);
    assert!(settings.body.contains("value=\"Spring catalogue\""), "{}", settings.body);
    let before = scene.activities().await;
    olive.patch(&scene.path(""), &[("name", "Spring catalogue")]).await.expect(303);
    assert_eq!(scene.activities().await, before, "the same name was recorded");
    olive.patch(&scene.path(""), &[("name", "Autumn catalogue")]).await.expect(303);
    let page = olive.get(&scene.path("")).await.expect(200);
    assert!(page.body.contains("renamed the board"), "{}", page.body);
    assert!(page.body.contains("Autumn catalogue</h1>"), "{}", page.body);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_name_that_is_none_is_marked_and_kept() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let long = "x".repeat(101);
    for name in ["", "  ", long.as_str()] {
        let answer = scene.account.owner.patch(&scene.path(""), &[("name", name)]).await;
        let answer = answer.expect(422);
        assert!(answer.body.contains("aria-invalid=\"true\""), "{}", answer.body);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_member_who_did_not_make_it_manages_nothing_and_an_admin_does() {
    let scene = Scene::set().await;
    let (path, tomas) = (scene.path(""), &scene.tomas);
    let program = scene.app.program(tomas, Scope::Admin).await;
    let before = scene.activities().await;
    let settings = tomas.get(&scene.path("/edit")).await.expect(200);
    assert!(!settings.body.contains("Archive the board"), "{}", settings.body);
    tomas.patch(&path, &[("name", "Mine")]).await.expect(403);
    tomas.post(&scene.path("/archival"), &[]).await.expect(403);
    delete(tomas, &scene.path("/archival")).await.expect(403);
    tomas.post(&scene.path("/accesses"), &[("user_id", "everyone")]).await.expect(403);
    delete(tomas, &scene.path("/accesses/everyone")).await.expect(403);
    ask(&program, Method::PATCH, &path, &json!({ "name": "Mine" })).await.expect(403);
    assert_eq!(scene.activities().await, before, "something was recorded");

    let admin = scene.app.member(&scene.account, "Amara Okafor", Role::Admin).await;
    admin.patch(&path, &[("name", "Ours")]).await.expect(303);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_program_renames_archives_and_restores() {
    let scene = Scene::set().await;
    let program = scene.app.program(&scene.account.owner, Scope::Write).await;
    let (path, archival) = (scene.path(""), scene.path("/archival"));
    let renamed = ask(&program, Method::PATCH, &path, &json!({ "name": "Autumn" })).await;
    assert_eq!(renamed.expect(200).json()["name"], "Autumn");
    let newest = scene.newest(&program).await;
    assert_eq!(newest["event"], "board.renamed");
    assert_eq!(newest["data"]["old_name"], "Spring catalogue");
    ask(&program, Method::PATCH, &path, &json!({ "name": "" })).await.expect(422);

    let archived = program.post(&archival, &json!({})).await.expect(201).json();
    assert!(archived["archived_at"].is_string(), "{archived}");
    assert_eq!(scene.newest(&program).await["event"], "board.archived");
    program.send(program.request(Method::DELETE, &archival)).await.expect(204);
    assert_eq!(scene.newest(&program).await["event"], "board.restored");
    assert_eq!(program.get(&path).await.expect(200).json()["archived_at"], Value::Null);
    scene.app.finish().await;
}

#[tokio::test]
async fn on_an_archived_board_nothing_changes_until_it_is_restored() {
    let scene = Scene::set().await;
    let (olive, board) = (&scene.account.owner, scene.board);
    let column = olive.add_column(board, "To do").await;
    let done = olive.add_column(board, "Done").await;
    let card = olive.add_card(board, column, "Write the letter").await;
    olive.post(&scene.path("/archival"), &[]).await.expect(303);
    olive.post(&scene.path("/archival"), &[]).await.expect(303);
    let before = scene.activities().await;

    let page = olive.get(&scene.path("")).await.expect(200);
    assert!(page.body.contains("Write the letter"), "it can be read");
    assert!(!page.body.contains("Add a card"), "{}", page.body);
    olive.get(&format!("cards/{card}")).await.expect(200);
    let boards = olive.client.get("/northfold").await.expect(200);
    assert!(boards.body.contains("archive_name"), "{}", boards.body);

    let (one, other) = (column.to_string(), format!("boards/{board}/columns/{done}"));
    let refused = [
        olive.post(&scene.path("/cards"), &[("title", "New"), ("column_id", &one)]).await,
        olive.post(&scene.path("/columns"), &[("name", "New")]).await,
        olive.patch(&scene.path(""), &[("name", "New")]).await,
        olive.move_card(card, done).await,
        olive.comment(card, "New").await,
        olive.rename_card(card, "New").await,
        olive.patch(&other, &[("name", "New")]).await,
        olive.post(&format!("{other}/moves"), &[("position", "0")]).await,
        delete(olive, &other).await,
        delete(olive, &scene.path("/accesses/everyone")).await,
    ];
    for answer in refused {
        let answer = answer.expect(403);
        assert!(answer.body.contains("This board is archived. Restore it first."), "{answer:?}");
    }
    assert_eq!(scene.activities().await, before, "something was recorded");

    delete(olive, &scene.path("/archival")).await.expect(303);
    olive.move_card(card, done).await.expect(303);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_of_an_archived_board_shows_no_form_that_would_be_refused() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let olive = &account.owner;
    let board = olive.create_board("Spring catalogue").await;
    let column = olive.add_column(board, "Doing").await;
    let card = olive.add_card(board, column, "Write the letter").await;
    let path = format!("cards/{card}");
    let forms = [
        format!("{path}/moves"),
        format!("{path}/closure"),
        format!("{path}/comments"),
        format!("{path}/assignments"),
        format!("{path}/tags"),
        format!("{path}/edit"),
        format!("{path}/board_moves/new"),
        format!("{path}/deletion"),
    ];
    let page = olive.get(&path).await.expect(200).body;
    for form in &forms {
        assert!(page.contains(form), "{form} is not on the page of an open board: {page}");
    }
    olive.post(&format!("boards/{board}/archival"), &[]).await.expect(303);
    let page = olive.get(&path).await.expect(200).body;
    assert!(page.contains("The board of this card is archived"), "{page}");
    for form in &forms {
        assert!(!page.contains(form), "{form} is still on the page: {page}");
    }
    app.finish().await;
}
