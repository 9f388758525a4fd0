//! The program itself on a data set, with the owner of the account signed in.

use std::fs;

use reqwest::{Method, RequestBuilder};

use super::client::Client;
use super::dataset::Dataset;
use super::feed::{EMAIL, PASSWORD};
use super::server::{self, SECRET_KEY, Server};

/// A server, and a browser.
pub(super) struct Served {
    server: Server,
    client: Client,
}

impl Served {
    pub(super) async fn start(dataset: &Dataset) -> Self {
        let mut command = server::program();
        command.env("DATABASE_URL", dataset.url()).env("CAIRN_SECRET_KEY", SECRET_KEY);
        command.env("CAIRN_BIND", "127.0.0.1:0").env("RUST_LOG", "warn,sqlx=error");
        let server = Server::spawn(command).await;
        let client = Client::new(server.address());
        client.get("/session").await;
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        let answer = client.submit(Method::POST, "/session", &fields).await;
        assert_eq!(answer.status, 303, "the owner signs in");
        Self { server, client }
    }

    /// A request for a page or a file of the account.
    pub(super) fn request(&self, rest: &str) -> RequestBuilder {
        self.client.request(Method::GET, &format!("/northfold/{rest}"))
    }

    /// The memory that it holds, in KiB.
    pub(super) fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most that it held since it was last forgotten.
    pub(super) fn peak(&self) -> f64 {
        self.status("VmHWM:")
    }

    pub(super) fn forget_peak(&self) {
        let path = format!("/proc/{}/clear_refs", self.server.id());
        fs::write(path, "5").expect("its peak is forgotten");
    }

    fn status(&self, field: &str) -> f64 {
        let path = format!("/proc/{}/status", self.server.id());
        let status = fs::read_to_string(path).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let figure = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        figure.expect("its memory")
    }

    pub(super) async fn stop(&mut self) {
        self.server.stop().await;
        for line in self.server.log() {
            eprintln!("{line}");
        }
    }
}
