//! The program itself.

use cairn::values::clock;
use cairn::values::secret::Secret;
use serde_json::json;

use super::client;
use super::dataset::{self, Dataset};
use super::server::{self, SECRET_KEY, Server};

/// Nanoseconds since 1970: what all processes on one machine agree on.
pub(super) fn now() -> u64 {
    u64::try_from(clock::now().unix_timestamp_nanos()).expect("after 1970")
}

/// A server on a data set.
pub(super) struct Served {
    server: Server,
    http: reqwest::Client,
}

impl Served {
    pub(super) async fn start(dataset: &Dataset) -> Self {
        let mut command = server::program();
        command.env("DATABASE_URL", &dataset.url).env("CAIRN_SECRET_KEY", SECRET_KEY);
        command.env("CAIRN_BIND", "127.0.0.1:0").env("CAIRN_WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8");
        command.env("RUST_LOG", "warn,sqlx=error");
        Self { server: Server::spawn(command).await, http: client::http() }
    }

    pub(super) fn id(&self) -> u32 {
        self.server.id()
    }

    /// Gives a card another title; when that was asked for, and when it was answered.
    pub(super) async fn write(&self, card: i64, token: &Secret, title: &str) -> (u64, u64) {
        let path = format!("api/v1/{}/cards/{card}", dataset::slug(0));
        let request = self
            .http
            .patch(format!("{}/{path}", self.server.address()))
            .bearer_auth(token.reveal())
            .header("content-type", "application/json")
            .body(json!({ "title": title }).to_string());
        let asked = now();
        let answer = request.send().await.expect("an answer").error_for_status();
        let answered = now();
        answer.expect("another title").bytes().await.expect("a card");
        (asked, answered)
    }

    /// Ends it as a crash would.
    pub(super) async fn kill(mut self) {
        self.server.kill().await;
    }

    /// Stops it, and shows what it warned of.
    pub(super) async fn stop(mut self) {
        self.server.stop().await;
        for line in self.server.log() {
            eprintln!("{line}");
        }
    }
}
