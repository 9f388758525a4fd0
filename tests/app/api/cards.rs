//! Cards: read and edited on condition.

use cairn::values::id::UserId;
use reqwest::Method;
use serde_json::json;

use super::{Scene, problem, text};
use crate::support::client::Answer;
use crate::support::program::with_json;

impl Scene {
    async fn read_if_new(&self, path: &str, tag: &str) -> Answer {
        let request = self.program.request(Method::GET, path).header("if-none-match", tag);
        self.program.send(request).await
    }

    async fn edit(&self, path: &str, tag: Option<&str>, title: &str) -> Answer {
        let request = self.program.request(Method::PATCH, path);
        let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
        self.program.send(with_json(request, &json!({ "title": title }))).await
    }
}

#[tokio::test]
async fn what_is_made_says_where_it_is() {
    let scene = Scene::set().await;
    let body = json!({ "title": "Write the letter", "column_id": scene.column });
    let made = scene.program.post(&scene.cards(), &body).await.expect(201);
    let path = "cards/1";
    assert_eq!(made.header("location"), format!("/api/v1/northfold/{path}"));
    let read = scene.program.get(path).await.expect(200);
    assert_eq!(read.json(), made.json());
    assert_eq!(read.header("etag"), made.header("etag"));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_that_is_known_is_not_sent_again() {
    let scene = Scene::set().await;
    let path = format!("cards/{}", scene.add_card("Write the letter").await);
    let tag = scene.program.get(&path).await.expect(200).header("etag").to_owned();
    let known = scene.read_if_new(&path, &tag).await.expect(304);
    assert_eq!((known.body.as_str(), known.header("etag")), ("", tag.as_str()));
    scene.edit(&path, None, "Write the long letter").await.expect(200);
    scene.read_if_new(&path, &tag).await.expect(200);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused() {
    let scene = Scene::set().await;
    let path = format!("cards/{}", scene.add_card("Write the letter").await);
    let tag = scene.program.get(&path).await.expect(200).header("etag").to_owned();
    let edited = scene.edit(&path, Some(&tag), "Write the long letter").await.expect(200);
    let before = scene.activities().await;
    problem(scene.edit(&path, Some(&tag), "Write nothing").await, 412);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.edit(&path, Some(edited.header("etag")), "Write two letters").await.expect(200);
    scene.edit(&path, None, "Write three letters").await.expect(200);
    scene.app.finish().await;
}

impl Scene {
    async fn delete(&self, path: &str) -> Answer {
        self.program.send(self.program.request(Method::DELETE, path)).await
    }
}

#[tokio::test]
async fn a_card_says_whether_it_is_closed_whose_work_it_is_and_its_tags() {
    let scene = Scene::set().await;
    let card = format!("cards/{}", scene.add_card("Write the letter").await);
    let user = scene.account.owner.actor.user_id.to_string();
    let fresh = scene.program.get(&card).await.expect(200);
    assert_eq!(fresh.json()["closed_at"], json!(null));
    let (assignments, tags) = (format!("{card}/assignments"), format!("{card}/tags"));
    let assigned = scene.program.post(&assignments, &json!({ "user_id": user })).await.expect(201);
    assert_eq!(assigned.json()["assignees"], json!([user]));
    let tagged = scene.program.post(&tags, &json!({ "name": "print" })).await.expect(201).json();
    assert_eq!(tagged["tags"][0]["name"], "print");
    let closed = scene.program.post(&format!("{card}/closure"), &json!({})).await.expect(201);
    assert_eq!(closed.json()["closer_id"], json!(user));
    assert_ne!(closed.header("etag"), fresh.header("etag"));
    assert_eq!(scene.program.get(&card).await.expect(200).json(), closed.json());

    let board = scene.program.get(&format!("boards/{}", scene.board)).await.expect(200).json();
    assert_eq!(board["columns"][0]["cards"], json!([]), "a closed card leaves its column");
    let list = format!("boards/{}/closed_cards", scene.board);
    assert_eq!(scene.program.get(&list).await.expect(200).json(), json!([closed.json()]));
    assert_eq!(scene.program.get("tags").await.expect(200).json(), tagged["tags"]);
    let reopened = scene.delete(&format!("{card}/closure")).await.expect(200).json();
    assert_eq!(reopened["closed_at"], json!(null));
    let tag = text(&tagged["tags"][0]["id"]);
    let bare = scene.delete(&format!("{card}/tags/{tag}")).await.expect(200).json();
    assert_eq!(bare["tags"], json!([]));
    let bare = scene.delete(&format!("{card}/assignments/{user}")).await.expect(200).json();
    assert_eq!(bare["assignees"], json!([]));
    assert_eq!(scene.program.get("tags").await.expect(200).json(), json!([]));
    scene.app.finish().await;
}

#[tokio::test]
async fn what_a_card_does_not_take_is_a_problem_in_its_field() {
    let scene = Scene::set().await;
    let card = format!("cards/{}", scene.add_card("Write the letter").await);
    let before = scene.activities().await;
    for (noun, body) in [
        ("assignments", json!({ "user_id": UserId::new() })),
        ("assignments", json!({ "user_id": "7" })),
        ("tags", json!({ "name": "x".repeat(51) })),
        ("board_moves", json!({ "board_id": scene.board })),
        ("board_moves", json!({ "board_id": "7" })),
    ] {
        problem(scene.program.post(&format!("{card}/{noun}"), &body).await, 422);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.program.post(&format!("{card}/closure"), &json!({})).await.expect(201);
    let moves = json!({ "column_id": scene.column, "position": 0 });
    let detail = problem(scene.program.post(&format!("{card}/moves"), &moves).await, 422);
    assert!(detail.contains("reopen"), "{detail}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_goes_to_another_board_and_is_deleted_there() {
    let scene = Scene::set().await;
    let number = scene.add_card("Write the letter").await;
    let card = format!("cards/{number}");
    let board = scene.program.post("boards", &json!({ "name": "Website" })).await.expect(201);
    let board = text(&board.json()["id"]);
    let columns = format!("boards/{board}/columns");
    scene.program.post(&columns, &json!({ "name": "Ideas" })).await.expect(201);
    let later = scene.program.post(&columns, &json!({ "name": "Later" })).await.expect(201);
    let later = text(&later.json()["id"]);
    let to = json!({ "board_id": board, "column_id": later });
    let moved = scene.program.post(&format!("{card}/board_moves"), &to).await.expect(201).json();
    assert_eq!((&moved["board_id"], &moved["column_id"]), (&json!(board), &json!(later)));
    assert_eq!(moved["number"], number);
    scene.delete(&card).await.expect(204);
    problem(scene.program.get(&card).await, 404);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_comment_is_edited_on_condition_and_deleted() {
    let scene = Scene::set().await;
    let card = format!("cards/{}", scene.add_card("Write the letter").await);
    let said = json!({ "body": "It reads." });
    let said = scene.program.post(&format!("{card}/comments"), &said).await.expect(201).json();
    let path = format!("{card}/comments/{}", text(&said["id"]));
    let tag = scene.program.get(&path).await.expect(200).header("etag").to_owned();
    let edit = async |body: &str| {
        let request = scene.program.request(Method::PATCH, &path).header("if-match", &tag);
        scene.program.send(with_json(request, &json!({ "body": body }))).await
    };
    let edited = edit("It reads well.").await.expect(200).json();
    assert_eq!((&edited["body"], &edited["version"]), (&json!("It reads well."), &json!(2)));
    assert!(edited["edited_at"].is_string(), "{edited}");
    problem(edit("It reads badly.").await, 412);
    scene.delete(&path).await.expect(204);
    problem(scene.delete(&path).await, 404);
    scene.app.finish().await;
}
