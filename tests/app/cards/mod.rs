//! Cards on their pages: closed, assigned, tagged, moved to another board, deleted; and comments.

mod assignments;
mod board_moves;
mod closures;
mod comments;
mod deletions;
mod folds;
mod restorations;
mod tags;
mod undone_refused;

use cairn::events::{Activity, KINDS, Log, history};
use cairn::values::Role;
use cairn::values::id::{BoardId, ColumnId};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;

/// Olive, the owner, and Tomas, a member who added a card to a board of two columns.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    board: BoardId,
    columns: [ColumnId; 2],
    card: i64,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let board = account.owner.create_board("Spring catalogue").await;
        let doing = account.owner.add_column(board, "Doing").await;
        let columns = [doing, account.owner.add_column(board, "Done").await];
        let card = tomas.add_card(board, doing, "Write the letter").await;
        Self { app, account, tomas, board, columns, card }
    }

    fn olive(&self) -> &Person {
        &self.account.owner
    }

    /// The path of something of the card.
    fn of_card(&self, rest: &str) -> String {
        format!("cards/{}/{rest}", self.card)
    }

    async fn activities(&self) -> i64 {
        self.app.activities(&self.account).await
    }

    /// The names of the kinds of the newest events, the newest first.
    async fn newest(&self, many: i64) -> Vec<String> {
        let activities = self.newest_activities(many).await;
        activities.iter().map(|activity| activity.event.kind().wire_name()).collect()
    }

    async fn newest_activities(&self, many: i64) -> Vec<Activity> {
        let log = Log::new(self.app.pool().clone(), Vec::new());
        let page = history::Page::newest(history::Scope::Account, many, KINDS.to_vec());
        let account = self.olive().actor.account.id;
        history::page(&log, account, &page).await.expect("activities")
    }

    /// The card's page.
    async fn page(&self, person: &Person) -> String {
        person.get(&format!("cards/{}", self.card)).await.expect(200).body
    }

    /// The numbers of a board's cards, in the order of the page.
    async fn on_board(&self, person: &Person, board: BoardId) -> Vec<i64> {
        let page = person.get(&format!("boards/{board}")).await.expect(200).body;
        let ids = page.split("id=\"card_").skip(1);
        ids.map(|rest| rest.split('"').next().unwrap_or_default().parse().expect("a number"))
            .collect()
    }

    /// A board that only Olive sees, with one column.
    async fn private_board(&self, name: &str) -> BoardId {
        let board = self.olive().create_board(name).await;
        self.olive().add_column(board, "Kept").await;
        let actor = &self.olive().actor;
        sqlx::query("update boards set access = 'chosen' where account_id = $1 and id = $2")
            .bind(actor.account.id.uuid())
            .bind(board.uuid())
            .execute(self.app.pool())
            .await
            .expect("a private board");
        sqlx::query(
            "insert into board_accesses (account_id, board_id, user_id, created_at)
             values ($1, $2, $3, now()) on conflict do nothing",
        )
        .bind(actor.account.id.uuid())
        .bind(board.uuid())
        .bind(actor.user_id.uuid())
        .execute(self.app.pool())
        .await
        .expect("access");
        board
    }

    async fn count(&self, table: &str) -> i64 {
        let query = format!("select count(*) from {table}");
        sqlx::query_scalar(&query).fetch_one(self.app.pool()).await.expect("a count")
    }
}
