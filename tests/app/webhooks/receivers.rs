//! The receivers that the documentation shows, called by Cairn itself. The one in Python is run by
//! `.ci/python-receiver`.

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout, Command};

use super::*;
use crate::support::browser;
use crate::support::server::patiently;

#[expect(unreachable_pub, reason = "it is shown to be read as it is")]
#[path = "../../../assets/receivers/receiver.rs"]
mod receiver;

/// A receiver in a process of its own, which says what it takes.
struct Process {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// The receiver in Node, beside the packages that it asks for.
    fn node(secret: &str, folder: &Path) -> Self {
        browser::install();
        std::fs::create_dir_all(folder).expect("a folder");
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = folder.join("receiver.mjs");
        std::fs::copy(top.join("assets/receivers/receiver.mjs"), &file).expect("the receiver");
        let packages = top.join("tests/browser/node_modules");
        std::os::unix::fs::symlink(packages, folder.join("node_modules")).expect("a link");
        let mut child = Command::new("node")
            .arg(file)
            .env("WEBHOOK_SECRET", secret)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node is on the path");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, said }
    }

    async fn line(&mut self) -> Option<String> {
        patiently("a line of the receiver", self.said.next_line()).await.expect("words")
    }

    /// Ends it, and gives what it has said since.
    async fn end(mut self) -> Vec<String> {
        self.child.start_kill().expect("it runs");
        let mut said = Vec::new();
        while let Some(line) = self.line().await {
            said.push(line);
        }
        said
    }
}

/// A scene whose endpoint is moved to the receiver once the receiver knows its secret.
async fn leads_to(scene: &Scene, endpoint: &Endpoint, url: &str) {
    let path = format!("webhook_endpoints/{}", endpoint.id);
    scene.ask(Method::PATCH, &path, Some(json!({ "url": url }))).await.expect(200);
}

/// Calls the receiver for real, and then again with the same event; gives the id.
async fn call_twice(scene: &Scene, endpoint: &Endpoint) -> String {
    scene.move_to(1).await;
    let delivered = scene.stands(endpoint, "delivered", 1).await;
    let again = json!({ "sequence": delivered["sequence"] });
    let path = format!("webhook_endpoints/{}/tests", endpoint.id);
    let tried = scene.ask(Method::POST, &path, Some(again)).await.expect(200).json();
    assert_eq!(tried["response_code"], 204, "{tried}");
    delivered["event_id"].as_str().expect("an id").to_owned()
}

/// An example sent to somebody who has another secret is refused.
async fn is_refused(scene: &Scene, url: &str) {
    let other = scene.add("/other", json!({ "events": ["board.*"] })).await;
    leads_to(scene, &other, url).await;
    let path = format!("webhook_endpoints/{}/tests", other.id);
    let with = json!({ "event": "card.closed" });
    let tried = scene.ask(Method::POST, &path, Some(with)).await.expect(200).json();
    assert_eq!(tried["response_code"], 401, "{tried}");
}

#[tokio::test]
async fn the_one_in_node_takes_what_is_signed_once() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/", json!({ "events": ["card.moved"] })).await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("receiver-{}", endpoint.id));
    let mut process = Process::node(&endpoint.secret, &folder);
    let port = process.line().await.expect("its port");
    let port = port.rsplit(' ').next().expect("a number");
    let url = format!("http://127.0.0.1:{port}/");
    leads_to(&scene, &endpoint, &url).await;
    let id = call_twice(&scene, &endpoint).await;
    is_refused(&scene, &url).await;
    let said = process.end().await;
    assert_eq!(said.len(), 1, "it was taken more than once: {said:?}");
    assert!(said[0].starts_with(&format!("card.moved {id} ")), "{said:?}");
    std::fs::remove_dir_all(folder).expect("the folder goes");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_one_in_rust_takes_what_is_signed_once() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/", json!({ "events": ["card.moved"] })).await;
    let receiver = Arc::new(receiver::Receiver {
        secret: endpoint.secret.clone(),
        seen: Mutex::new(HashSet::new()),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("its address"));
    let router = receiver::router(Arc::clone(&receiver));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    leads_to(&scene, &endpoint, &url).await;
    call_twice(&scene, &endpoint).await;
    is_refused(&scene, &url).await;
    assert_eq!(receiver.seen.lock().expect("nobody panics in here").len(), 1);
    serving.abort();
    scene.app.finish().await;
}

#[tokio::test]
async fn the_page_shows_the_very_files() {
    let app = TestApp::start().await;
    let page = app.stranger().get("/docs/receivers").await.expect(200).body;
    for part in ["createServer", "ThreadingHTTPServer", "Router::new()"] {
        assert!(page.contains(part), "{part} is not shown");
    }
    app.finish().await;
}
