//! A signed-in person, with a method for each thing a member does with a browser.

use cairn::domain::Actor;
use cairn::values::Email;
use cairn::values::id::{BoardId, ColumnId};
use reqwest::Method;
use sqlx::PgPool;
use uuid::Uuid;

use super::client::{Answer, Client};

/// Somebody who is signed in to an account.
pub struct Person {
    pub client: Client,
    pub actor: Actor,
    pub email: Email,
    pub(super) pool: PgPool,
}

impl Person {
    /// The path of a page of the account: `boards/new` and so on.
    pub fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.actor.account.slug)
    }

    /// Opens a page of the account.
    pub async fn get(&self, rest: &str) -> Answer {
        self.client.get(&self.path(rest)).await
    }

    /// Sends a form of the account.
    pub async fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Answer {
        self.client.submit(Method::POST, &self.path(rest), fields).await
    }

    /// Sends changes to something of the account.
    pub async fn patch(&self, rest: &str, fields: &[(&str, &str)]) -> Answer {
        self.client.submit(Method::PATCH, &self.path(rest), fields).await
    }

    /// Removes something of the account.
    pub async fn delete(&self, rest: &str) -> Answer {
        self.client.submit(Method::DELETE, &self.path(rest), &[]).await
    }

    /// Their own place among the members: `members/…`.
    pub fn place(&self) -> String {
        format!("members/{}", self.actor.user_id)
    }

    /// Makes a board.
    pub async fn create_board(&self, name: &str) -> BoardId {
        let answer = self.post("boards", &[("name", name)]).await.expect(303);
        let path = answer.header("location").to_owned();
        let id = path.split(['/', '?', '#']).find_map(|part| part.parse().ok());
        id.unwrap_or_else(|| panic!("no board in {path}"))
    }

    /// Adds a column to a board.
    pub async fn add_column(&self, board: BoardId, name: &str) -> ColumnId {
        self.post(&format!("boards/{board}/columns"), &[("name", name)]).await.expect(303);
        let query = "select id from columns where account_id = $1 and board_id = $2 and name = $3";
        let id: Uuid = sqlx::query_scalar(query)
            .bind(self.actor.account.id.uuid())
            .bind(board.uuid())
            .bind(name)
            .fetch_one(&self.pool)
            .await
            .expect("the new column");
        id.into()
    }

    /// Adds a card to a column; its number.
    pub async fn add_card(&self, board: BoardId, column: ColumnId, title: &str) -> i64 {
        let fields = [("title", title), ("column_id", &column.to_string())];
        self.post(&format!("boards/{board}/cards"), &fields).await.expect(303);
        let query =
            "select number from cards where account_id = $1 and title = $2 order by number desc";
        let number = sqlx::query_scalar(query).bind(self.actor.account.id.uuid()).bind(title);
        number.fetch_one(&self.pool).await.expect("the new card")
    }

    /// Moves a card to the end of a column.
    pub async fn move_card(&self, number: i64, column: ColumnId) -> Answer {
        let fields = [("column_id", column.to_string())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.post(&format!("cards/{number}/moves"), &fields).await
    }

    /// Comments on a card.
    pub async fn comment(&self, number: i64, body: &str) -> Answer {
        self.post(&format!("cards/{number}/comments"), &[("body", body)]).await
    }

    /// Changes the title of a card.
    pub async fn rename_card(&self, number: i64, title: &str) -> Answer {
        self.patch(&format!("cards/{number}"), &[("title", title)]).await
    }
}
