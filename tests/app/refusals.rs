//! How programs and plain browsers are refused: with words, and nothing is recorded.

use cairn::values::Scope;
use reqwest::Method;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;

/// An account with a board.
struct Scene {
    app: TestApp,
    account: Account,
    board: String,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let board = account.owner.create_board("Spring catalogue").await;
        Self { app, account, board: board.to_string() }
    }

    /// Does what must be refused, and sees that the log is as it was.
    async fn refused(&self, status: &[u16], ask: impl AsyncFnOnce(&Self) -> Answer) {
        let before = self.app.activities(&self.account).await;
        let answer = ask(self).await;
        assert!(status.contains(&answer.status.as_u16()), "{} {}", answer.status, answer.body);
        assert!(!answer.body.trim().is_empty(), "refused without a word: {}", answer.status);
        assert_eq!(self.app.activities(&self.account).await, before, "something was recorded");
    }
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let scene = Scene::set().await;
    let path = scene.account.owner.path("boards");
    scene
        .refused(&[403, 422], async |scene| {
            let client = &scene.account.owner.client;
            let request = client.request(Method::POST, &path);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            client.send(request.body("name=Stolen&authenticity_token=wrong")).await
        })
        .await;
    let answer = scene.account.owner.client.submit_plainly(&path, &[("name", "Plainly")]).await;
    answer.expect(303);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_api_says_what_is_wrong_in_problem_documents() {
    let scene = Scene::set().await;
    let token = scene.app.token(&scene.account.owner, Scope::Write).await;
    let boards = "/api/v1/northfold/boards";
    for (status, path, body) in [
        (400, boards.to_owned(), "{"),
        (422, boards.to_owned(), r#"{"name": 7}"#),
        (422, boards.to_owned(), r#"{"name": "A", "colour": "red"}"#),
        (422, boards.to_owned(), r#"{"name": " "}"#),
        (404, format!("{boards}/nonsense/cards"), r#"{"title": "A"}"#),
        (422, format!("{boards}/{}/cards", scene.board), r#"{"title": "A", "column_id": "x"}"#),
        (422, format!("{boards}/{}/cards", scene.board), r#"{"title": "a\u0000b"}"#),
    ] {
        scene
            .refused(&[status], async |scene| {
                let client = &scene.account.owner.client;
                let request = client.request(Method::POST, &path).bearer_auth(token.reveal());
                let request = request.header("content-type", "application/json").body(body);
                let answer = client.send(request).await;
                assert_eq!(answer.header("content-type"), "application/problem+json");
                assert_eq!(answer.json()["status"], answer.status.as_u16());
                answer
            })
            .await;
    }
    scene.app.finish().await;
}
