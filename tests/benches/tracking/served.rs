//! The program itself, and the same program with a tracker that answers before the commit.

use std::process::Stdio;

use cairn::app;
use cairn::config::Config;
use cairn::tracking::Tracker;
use tokio::process::Command;

use super::server::{self, SECRET_KEY, Server};

/// The word that makes this binary the program that answers early.
pub(super) const EARLY: &str = "early";

/// A server on a database.
pub(super) struct Served(Server);

impl Served {
    /// The program.
    pub(super) async fn start(url: &str) -> Self {
        Self::spawn(server::program(), url).await
    }

    /// The one that answers before the commit.
    pub(super) async fn start_early(url: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command.arg(EARLY).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::spawn(command, url).await
    }

    async fn spawn(mut command: Command, url: &str) -> Self {
        command.env("DATABASE_URL", url).env("CAIRN_SECRET_KEY", SECRET_KEY);
        command.env("CAIRN_BIND", "127.0.0.1:0").env("RUST_LOG", "warn,sqlx=error");
        Self(Server::spawn(command).await)
    }

    pub(super) fn address(&self) -> &str {
        self.0.address()
    }

    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Stops it, and shows what it warned of.
    pub(super) async fn stop(mut self) {
        self.0.stop().await;
        for line in self.0.log() {
            eprintln!("{line}");
        }
    }
}

/// The process that answers early.
pub(super) fn run() {
    let config = Config::from_environment().expect("its settings");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(app::serve_with(&config, Tracker::answering_early)).expect("a server");
}
