//! The program itself on a data set, with somebody signed in.

use reqwest::Method;
use reqwest::header::COOKIE;

use super::client::Client;
use super::dataset::{Dataset, EMAIL, PASSWORD};
use super::load::{self, Load, Rate};
use super::server::{self, SECRET_KEY, Server};

/// A server, and a browser of the account's owner.
pub(super) struct Served {
    server: Server,
    client: Client,
}

impl Served {
    /// Starts one; `options` are settings of its connections to Postgres, such as `-c name=value`.
    pub(super) async fn start(dataset: &Dataset, options: &str) -> Self {
        let mut command = server::program();
        command.env("DATABASE_URL", dataset.url_with(options)).env("CAIRN_SECRET_KEY", SECRET_KEY);
        command.env("CAIRN_BIND", "127.0.0.1:0").env("RUST_LOG", "warn,sqlx=error");
        let server = Server::spawn(command).await;
        let client = Client::new(server.address());
        client.get("/session").await;
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        let answer = client.submit(Method::POST, "/session", &fields).await;
        assert_eq!(answer.status, 303, "the owner signs in");
        Self { server, client }
    }

    /// The bytes of a page.
    pub(super) async fn get(&self, path: &str) -> String {
        let answer = self.client.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    }

    /// Opens pages from another process; how many a second, and what each cost this server.
    pub(super) async fn load(&self, paths: &[String], once: bool) -> Rate {
        // The statements are prepared and the first page is drawn.
        load::warm_up(self.server.address(), &self.cookie(), &paths[..1]);
        let load = Load { address: self.server.address(), cookie: &self.cookie(), paths, once };
        load.measure(self.server.id())
    }

    fn cookie(&self) -> String {
        let request = self.client.request(Method::GET, "/").build().expect("a request");
        request.headers()[COOKIE].to_str().expect("text").to_owned()
    }

    pub(super) async fn stop(&mut self) {
        self.server.stop().await;
    }
}
