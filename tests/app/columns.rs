//! Columns: another name and colour, another place, and removing one with its cards.

use cairn::values::Scope;
use cairn::values::id::{BoardId, ColumnId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::program::{Program, with_json};

/// A board of three columns, the first with two cards.
struct Scene {
    app: TestApp,
    account: Account,
    program: Program,
    board: BoardId,
    columns: [ColumnId; 3],
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let program = app.program(&account.owner, Scope::Write).await;
        let olive = &account.owner;
        let board = olive.create_board("Spring catalogue").await;
        let columns = [
            olive.add_column(board, "To do").await,
            olive.add_column(board, "Doing").await,
            olive.add_column(board, "Done").await,
        ];
        olive.add_card(board, columns[0], "Write the letter").await;
        olive.add_card(board, columns[0], "Pick the paper").await;
        Self { app, account, program, board, columns }
    }

    fn path(&self, column: usize) -> String {
        format!("boards/{}/columns/{}", self.board, self.columns[column])
    }

    async fn ask(&self, method: Method, rest: &str, body: &Value) -> Answer {
        self.program.send(with_json(self.program.request(method, rest), body)).await
    }

    async fn delete(&self, rest: &str) -> Answer {
        self.program.send(self.program.request(Method::DELETE, rest)).await
    }

    /// The columns in order, each with the titles of its cards.
    async fn columns(&self) -> Vec<(String, Vec<String>)> {
        let board = self.program.get(&format!("boards/{}", self.board)).await.expect(200).json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let columns = board["columns"].as_array().expect("columns").iter();
        let with_cards = columns.map(|column| {
            let cards = column["cards"].as_array().expect("cards").iter();
            (text(&column["name"]), cards.map(|card| text(&card["title"])).collect())
        });
        with_cards.collect()
    }

    async fn names(&self) -> Vec<String> {
        self.columns().await.into_iter().map(|(name, _)| name).collect()
    }

    /// The newest entries of the log, the oldest of them first.
    async fn newest(&self, many: usize) -> Vec<Value> {
        let answer = self.program.get(&format!("activities?limit={many}")).await.expect(200);
        answer.json().as_array().expect("a list").iter().rev().cloned().collect()
    }

    async fn activities(&self) -> i64 {
        self.app.activities(&self.account).await
    }
}

#[tokio::test]
async fn a_column_gets_another_name_and_colour_by_its_page() {
    let scene = Scene::set().await;
    let olive = &scene.account.owner;
    let page = olive.get(&format!("{}/edit", scene.path(0))).await.expect(200);
    assert!(page.body.contains("value=\"To do\""), "{}", page.body);
    let fields = [("name", "Planned"), ("color", "heather")];
    olive.patch(&scene.path(0), &fields).await.expect(303);
    let before = scene.activities().await;
    olive.patch(&scene.path(0), &fields).await.expect(303);
    assert_eq!(scene.activities().await, before, "the same was recorded");
    let newest = &scene.newest(1).await[0];
    assert_eq!(newest["event"], "column.renamed");
    assert_eq!(newest["data"]["column"]["name"], "Planned");
    assert_eq!(newest["data"]["old_color"], "stone");
    for fields in [[("name", ""), ("color", "moss")], [("name", "Planned"), ("color", "pink")]] {
        let answer = olive.patch(&scene.path(0), &fields).await.expect(422);
        assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_program_renames_and_moves_columns() {
    let scene = Scene::set().await;
    let renamed = scene.ask(Method::PATCH, &scene.path(1), &json!({ "name": "At work" })).await;
    assert_eq!(renamed.expect(200).json()["name"], "At work");
    let moves = format!("{}/moves", scene.path(2));
    scene.program.post(&moves, &json!({ "position": 0 })).await.expect(201);
    assert_eq!(scene.names().await, ["Done", "To do", "At work"]);
    let newest = &scene.newest(1).await[0];
    assert_eq!(
        (&newest["event"], &newest["data"]["position"]),
        (&json!("column.moved"), &json!(0))
    );
    let before = scene.activities().await;
    scene.program.post(&moves, &json!({ "position": 0 })).await.expect(201);
    assert_eq!(scene.activities().await, before, "staying was recorded");
    scene.program.post(&moves, &json!({ "position": 1 })).await.expect(201);
    assert_eq!(scene.names().await, ["To do", "Done", "At work"]);
    scene.program.post(&moves, &json!({})).await.expect(201);
    assert_eq!(scene.names().await, ["To do", "At work", "Done"]);
    for body in [json!({ "position": -1 }), json!({ "position": "x" })] {
        scene.program.post(&moves, &body).await.expect(422);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn a_column_moves_by_the_buttons_of_its_page() {
    let scene = Scene::set().await;
    let olive = &scene.account.owner;
    let moves = format!("{}/moves", scene.path(0));
    olive.post(&moves, &[("position", "1")]).await.expect(303);
    assert_eq!(scene.names().await, ["Doing", "To do", "Done"]);
    olive.post(&moves, &[("position", "left")]).await.expect(422);
    scene.app.finish().await;
}

#[tokio::test]
async fn removing_a_column_with_cards_asks_where_they_go() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let answer = scene.delete(&scene.path(0)).await.expect(422).json();
    assert_eq!(answer["errors"][0]["field"], "to_column_id", "{answer}");
    let [itself, unknown] = [scene.columns[0], ColumnId::new()];
    for to in [itself, unknown] {
        let path = format!("{}?to_column_id={to}", scene.path(0));
        scene.delete(&path).await.expect(422);
    }
    scene.delete(&format!("{}?to_column_id=x", scene.path(0))).await.expect(400);
    let olive = &scene.account.owner;
    let page = olive.path(&scene.path(0));
    let answer = olive.client.submit(Method::DELETE, &page, &[]).await.expect(422);
    assert!(answer.body.contains("choose where they go"), "{}", answer.body);
    assert_eq!(scene.activities().await, before, "something was recorded");

    let fields = [("to_column_id", scene.columns[1].to_string())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    olive.client.submit(Method::DELETE, &page, &fields).await.expect(303);
    let cards = vec!["Write the letter".to_owned(), "Pick the paper".to_owned()];
    assert_eq!(scene.columns().await, [("Doing".to_owned(), cards), ("Done".to_owned(), vec![])]);
    let newest = scene.newest(3).await;
    let events: Vec<&Value> = newest.iter().map(|activity| &activity["event"]).collect();
    assert_eq!(events, ["column.removed", "card.moved", "card.moved"]);
    let query = "select count(*) from activities where cause_id = $1";
    let id: uuid::Uuid = newest[0]["id"].as_str().expect("an id").parse().expect("a UUID");
    let caused: i64 =
        sqlx::query_scalar(query).bind(id).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(caused, 2, "each move names the removal as its cause");
    scene.app.finish().await;
}

#[tokio::test]
async fn empty_columns_go_the_last_one_too() {
    let scene = Scene::set().await;
    scene.delete(&scene.path(1)).await.expect(204);
    scene.delete(&scene.path(1)).await.expect(404);
    scene.delete(&format!("{}?to_column_id={}", scene.path(0), scene.columns[2])).await.expect(204);
    assert_eq!(scene.names().await, ["Done"]);
    scene.delete(&scene.path(2)).await.expect(422);
    let empty = scene.account.owner.create_board("Another").await;
    let only = scene.account.owner.add_column(empty, "Only").await;
    scene.delete(&format!("boards/{empty}/columns/{only}")).await.expect(204);
    scene.app.finish().await;
}

#[tokio::test]
async fn too_many_cards_are_refused_in_words() {
    let scene = Scene::set().await;
    let query = "insert into cards (account_id, id, number, board_id, column_id, rank, title,
                     creator_id, created_at, updated_at)
                 select account_id, gen_random_uuid(), 1000 + n, board_id, column_id, 'V', 'One of many',
                     creator_id, created_at, updated_at
                 from (select * from cards limit 1) card, generate_series(1, 500) n";
    sqlx::query(query).execute(scene.app.pool()).await.expect("many cards");
    let before = scene.activities().await;
    let path = format!("{}?to_column_id={}", scene.path(0), scene.columns[1]);
    let answer = scene.delete(&path).await.expect(422).json();
    assert!(answer["detail"].as_str().expect("words").contains("499"), "{answer}");
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_column_is_found_on_its_own_board_alone() {
    let scene = Scene::set().await;
    let other = scene.account.owner.create_board("Another").await;
    let path = format!("boards/{other}/columns/{}", scene.columns[0]);
    scene.ask(Method::PATCH, &path, &json!({ "name": "Stolen" })).await.expect(404);
    scene.program.post(&format!("{path}/moves"), &json!({})).await.expect(404);
    scene.delete(&path).await.expect(404);
    scene.account.owner.get(&format!("{path}/edit")).await.expect(404);
    scene.app.finish().await;
}
