//! Cards: read and edited on condition.

use reqwest::Method;
use serde_json::json;

use super::{Scene, problem};
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
