//! Every verb once: what a season in an account looks like.

use cairn::values::id::{BoardId, ColumnId};
use cairn::values::{Role, Scope};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;
use crate::support::program::Program;
use crate::support::server::until;
use crate::support::sink::{self, Sink};

/// An account in which everything happens that can.
pub(super) struct Scenario {
    pub(super) app: TestApp,
    pub(super) account: Account,
    pub(super) program: Program,
    tomas: Person,
    sink: Sink,
}

impl Scenario {
    /// Lives through all of it.
    pub(super) async fn play() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let program = app.program(&account.owner, Scope::Admin).await;
        let scenario = Self { app, account, program, tomas, sink: Sink::start().await };
        scenario.settle_in().await;
        let board = scenario.arrange_boards().await;
        let [doing, done] = scenario.arrange_columns(board).await;
        scenario.work_on_a_card(board, doing, done).await;
        scenario.listen(board, [doing, done]).await;
        scenario.part_with_people().await;
        scenario
    }

    fn olive(&self) -> &Person {
        &self.account.owner
    }

    async fn id(&self, query: &str) -> Uuid {
        sqlx::query_scalar(query).fetch_one(self.app.pool()).await.expect("an id")
    }

    async fn settle_in(&self) {
        let olive = self.olive();
        let fields = [("name", "Northfold Press"), ("time_zone", "Europe/Zurich")];
        olive.patch("settings", &fields).await.expect(303);
        let fields = [("receipts", "on"), ("tracking_days", "90")];
        olive.patch("settings/tracking", &fields).await.expect(303);
        let fields = [("name", "Olive Stone"), ("time_zone", "Europe/Zurich")];
        olive.patch("profile", &fields).await.expect(303);
        let fields = [("email", "rowan@northfold.example"), ("role", "member")];
        olive.post("invitations", &fields).await.expect(201);
        let waiting = "select id from invitations where accepted_at is null";
        let invitation = self.id(waiting).await;
        olive.delete(&format!("invitations/{invitation}")).await.expect(303);
        olive.post("tokens", &[("name", "Nightly"), ("scope", "read")]).await.expect(201);
        let token = self.id("select id from tokens where name = 'Nightly'").await;
        olive.delete(&format!("tokens/{token}")).await.expect(303);
    }

    async fn arrange_boards(&self) -> BoardId {
        let olive = self.olive();
        let board = olive.create_board("Catalogue").await;
        let path = |rest: &str| format!("boards/{board}{rest}");
        olive.patch(&path(""), &[("name", "Spring catalogue")]).await.expect(303);
        olive.post(&path("/archival"), &[]).await.expect(303);
        olive.delete(&path("/archival")).await.expect(303);
        olive.delete(&path("/accesses/everyone")).await.expect(303);
        olive.post(&path("/accesses"), &[("user_id", "everyone")]).await.expect(303);
        board
    }

    async fn arrange_columns(&self, board: BoardId) -> [ColumnId; 2] {
        let olive = self.olive();
        let doing = olive.add_column(board, "Doing").await;
        let done = olive.add_column(board, "Done").await;
        let ideas = olive.add_column(board, "Ideas").await;
        let path = format!("boards/{board}/columns/{ideas}");
        let fields = [("name", "Wishes"), ("color", "heather")];
        olive.patch(&path, &fields).await.expect(303);
        olive.post(&format!("{path}/moves"), &[("position", "0")]).await.expect(303);
        olive.delete(&path).await.expect(303);
        [doing, done]
    }

    async fn work_on_a_card(&self, board: BoardId, doing: ColumnId, done: ColumnId) {
        let (olive, tomas) = (self.olive(), &self.tomas);
        let card = tomas.add_card(board, doing, "Write the letter").await;
        tomas.add_card(board, doing, "Find a stamp").await;
        let path = |rest: &str| format!("cards/{card}{rest}");
        let fields = [("column_id", &*doing.to_string()), ("position", "1")];
        olive.post(&path("/moves"), &fields).await.expect(303);
        olive.move_card(card, done).await.expect(303);
        olive.rename_card(card, "Write the long letter").await.expect(303);
        let user = tomas.actor.user_id.to_string();
        olive.post(&path("/assignments"), &[("user_id", &user)]).await.expect(303);
        olive.delete(&path(&format!("/assignments/{user}"))).await.expect(303);
        olive.post(&path("/tags"), &[("name", "print")]).await.expect(303);
        let tag = self.id("select id from tags").await;
        olive.delete(&path(&format!("/tags/{tag}"))).await.expect(303);
        olive.post(&path("/closure"), &[]).await.expect(303);
        olive.delete(&path("/closure")).await.expect(303);
        olive.comment(card, "It reads.").await.expect(303);
        let comment = path(&format!("/comments/{}", self.id("select id from comments").await));
        let fields = [("body", "It reads well."), ("version", "1")];
        olive.patch(&comment, &fields).await.expect(303);
        olive.delete(&comment).await.expect(303);
        self.undo_newest().await;
        let website = olive.create_board("Website").await;
        olive.add_column(website, "Ideas").await;
        let fields = [("board_id", &*website.to_string())];
        olive.post(&path("/board_moves"), &fields).await.expect(303);
        olive.delete(&path("")).await.expect(303);
        self.undo_newest().await;
        olive.delete(&path("")).await.expect(303);
    }

    async fn undo_newest(&self) {
        let newest = self.id("select id from activities order by sequence desc limit 1").await;
        let path = format!("activities/{newest}/restoration");
        self.olive().post(&path, &[]).await.expect(303);
    }

    /// An endpoint that fails, is gone, comes back, and is changed and removed.
    async fn listen(&self, board: BoardId, [doing, done]: [ColumnId; 2]) {
        let new = json!({ "url": self.sink.url("/hook"), "events": ["card.moved"] });
        let added = self.program.post("webhook_endpoints", &new).await.expect(201).json();
        let path = format!("webhook_endpoints/{}", added["id"].as_str().expect("an id"));
        let card = self.olive().add_card(board, doing, "Post it").await;
        self.sql(
            "update webhook_health
             set failures = 4, failing_since = now() - interval '10 minutes'",
        )
        .await;
        self.sink.will_answer([sink::Answer::Status(500), sink::Answer::Status(410)]);
        self.olive().move_card(card, done).await.expect(303);
        self.stands("webhook_endpoint_failing").await;
        self.sql("update webhook_deliveries set due_at = now() where status = 'pending'").await;
        self.sql("update webhook_due set due_at = now()").await;
        self.stands("webhook_endpoint_disabled").await;
        let send = |method, path: String| self.program.send(self.program.request(method, &path));
        send(Method::DELETE, format!("{path}/disablement")).await.expect(204);
        let edit = json!({ "events": ["card.*"] });
        self.program.patch(&path, &edit).await.expect(200);
        self.program.post(&format!("{path}/secret_rotations"), &json!({})).await.expect(201);
        self.send_again(&path).await;
        send(Method::DELETE, path).await.expect(204);
    }

    /// A delivery and a part of the log are sent again; the latter is canceled as long as it waits.
    async fn send_again(&self, endpoint: &str) {
        let ended =
            "select id from webhook_deliveries where status in ('delivered', 'failed') limit 1";
        let resends = format!("{endpoint}/deliveries/{}/resends", self.id(ended).await);
        self.program.post(&resends, &json!({})).await.expect(201);
        let replays = format!("{endpoint}/replays");
        let all = json!({ "which": "all" });
        // Two of them may wait, and are put off: it is still under way when it is canceled.
        self.program.patch(endpoint, &json!({ "rate_limit": 1 })).await.expect(200);
        let later = || sink::Answer::With(503, "retry-after", "3600".to_owned());
        self.sink.will_answer((0..64).map(|_| later()));
        let replay = self.program.post(&replays, &all).await.expect(201).json();
        let replay = format!("{replays}/{}", replay["id"].as_str().expect("an id"));
        let canceled = self.program.request(Method::DELETE, &replay);
        self.program.send(canceled).await.expect(204);
    }

    async fn part_with_people(&self) {
        let client = self.app.stranger();
        client.get("/session").await.expect(200);
        let fields = [("email", self.olive().email.as_str()), ("password", "not the password")];
        client.submit(Method::POST, "/session", &fields).await.expect(422);
        self.stands("session_refused").await;
        let place = self.tomas.place();
        self.olive().patch(&place, &[("role", "admin")]).await.expect(303);
        self.olive().delete(&place).await.expect(303);
        self.olive().post(&format!("{place}/erasure"), &[]).await.expect(303);
    }

    async fn sql(&self, statement: &str) {
        sqlx::query(statement).execute(self.app.pool()).await.expect("a statement");
    }

    /// Waits until the log has an event of a kind.
    async fn stands(&self, kind: &str) {
        until(kind, async || {
            let recorded = self.app.recorded(&self.account, 0).await;
            recorded.iter().any(|name| name == kind).then_some(())
        })
        .await;
    }
}
