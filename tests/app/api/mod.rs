//! The API as a program meets it, noun by noun.

mod activities;
mod addresses;
mod cards;
mod idempotency;
mod invitations;
mod members;
mod openapi;
mod openapi_webhooks;
mod pages;
mod settings;
mod tokens;

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::program::Program;
use cairn::values::Scope;

/// An account with a board and a column, and a program that may write.
struct Scene {
    app: TestApp,
    account: Account,
    program: Program,
    board: String,
    column: String,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let program = app.program(&account.owner, Scope::Admin).await;
        let board = program.post("boards", &json!({ "name": "Spring catalogue" })).await;
        let board = text(&board.expect(201).json()["id"]);
        let columns = format!("boards/{board}/columns");
        let column = program.post(&columns, &json!({ "name": "Doing" })).await.expect(201);
        let column = text(&column.json()["id"]);
        Self { app, account, program, board, column }
    }

    /// Where cards are added.
    fn cards(&self) -> String {
        format!("boards/{}/cards", self.board)
    }

    /// Adds a card; its number.
    async fn add_card(&self, title: &str) -> i64 {
        let card = self.program.post(&self.cards(), &json!({ "title": title })).await.expect(201);
        card.json()["number"].as_i64().expect("a number")
    }

    async fn activities(&self) -> i64 {
        self.app.activities(&self.account).await
    }
}

/// A JSON string as text.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The answer is a problem document with this status; its sentence.
#[track_caller]
fn problem(answer: Answer, status: u16) -> String {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], "about:blank");
    let detail = text(&problem["detail"]);
    assert!(!detail.trim().is_empty(), "refused without a word: {answer:?}");
    detail
}
