//! `cairn listen`: an account’s events on a laptop, called as a webhook endpoint is.

use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::*;
use crate::support::server::{Server, patiently, program};

/// `cairn listen` in a process of its own.
struct Listening {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Listening {
    fn start(scene: &Scene, more: &[&str]) -> Self {
        let mut command = program();
        let server = scene.app.server.address();
        command.args(["listen", "--account", "northfold", "--server", server]);
        command.args(["--forward", &scene.sink.url("/laptop")]).args(more);
        command.env("CAIRN_TOKEN", &scene.token).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the program starts");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, said }
    }

    /// Waits for a line that contains these words.
    async fn says(&mut self, words: &str) -> String {
        let looking = async {
            while let Some(line) = self.said.next_line().await.expect("words") {
                if line.contains(words) {
                    return line;
                }
            }
            panic!("it ended without saying “{words}”");
        };
        patiently(words, looking).await
    }

    async fn secret(&mut self) -> String {
        let line = self.says("signed with whsec_").await;
        line.rsplit(' ').next().expect("a secret").to_owned()
    }
}

#[tokio::test]
async fn what_happens_is_brought_here_signed_as_a_webhook_is() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    let mut listening = Listening::start(&scene, &[]);
    let secret = listening.secret().await;
    listening.says("Listening after").await;
    scene.move_to(1).await;
    listening.says("card.moved").await;
    let calls = scene.sink.has(2).await;
    let call = |path: &str| calls.iter().find(|call| call.path == path).expect("a call");
    let (here, there) = (call("/laptop"), call("/hook"));
    is_signed(here, &secret);
    is_signed(there, &endpoint.secret);
    assert_eq!(here.body, there.body, "the bytes are those of the webhook");
    for name in ["webhook-id", "cairn-sequence", "cairn-delivery", "content-type"] {
        assert_eq!(here.header(name), there.header(name), "{name}");
    }

    let id = listening.child.id().expect("it runs").cast_signed();
    kill(Pid::from_raw(id), Signal::SIGINT).expect("it runs");
    let after = listening.says("Stopped; --after").await;
    assert!(after.contains(&format!("--after {} ", here.header("cairn-sequence"))), "{after}");
    assert!(patiently("its end", listening.child.wait()).await.expect("a status").success());
    scene.app.finish().await;
}

#[tokio::test]
async fn it_begins_where_it_is_told_and_comes_back_when_the_server_does() {
    let mut scene = Scene::set().await;
    let mut listening = Listening::start(&scene, &["--after", "0"]);
    let first = scene.sink.has(5).await;
    assert_eq!(first[0].header("cairn-sequence"), "1");
    let address = scene.app.server.address().trim_start_matches("http://").to_owned();
    scene.app.server.stop().await;
    listening.says("The server is away").await;
    let url = scene.app.database.url().await;
    scene.app.server = Server::start_at(&url, &address).await;
    listening.says("The server is back.").await;
    scene.move_to(1).await;
    listening.says("card.moved").await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_is_away_is_called_until_it_answers_and_misses_nothing() {
    let mut scene = Scene::set().await;
    let mut listening = Listening::start(&scene, &[]);
    listening.says("Listening after").await;
    let address = scene.sink.stop().await;
    scene.move_to(1).await;
    listening.says("It is called again until it answers.").await;
    scene.move_to(0).await;
    scene.sink = Sink::start_at(&address).await;
    let calls = scene.sink.has(2).await;
    let numbers: Vec<&str> = calls.iter().map(|call| call.header("cairn-delivery")).collect();
    assert_eq!(numbers, ["1", "2"]);
    let sequence = |call: &Call| call.header("cairn-sequence").parse::<i64>().expect("a number");
    assert_eq!(sequence(&calls[1]), sequence(&calls[0]) + 1, "in the order of the log");
    for _ in 0..2 {
        let line = listening.says("card.moved").await;
        assert!(line.contains("204 in"), "one line said that it was away: {line}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn it_goes_nowhere_else_unless_it_is_told_to() {
    let refused = async |token: &str, more: &[&str]| {
        let mut command = program();
        command.args(["listen", "--account", "northfold"]).args(more).env("CAIRN_TOKEN", token);
        let output = patiently("its end", command.output()).await.expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = refused("t", &["--forward", "http://192.0.2.1:4000/"]).await;
    assert!(code == Some(2) && said.contains("say --anywhere"), "{said}");
    let (code, said) = refused("", &["--forward", "http://127.0.0.1:4000/"]).await;
    assert!(code == Some(2) && said.contains("set CAIRN_TOKEN"), "{said}");
    let app = TestApp::start().await;
    let server = app.server.address().to_owned();
    let forward = ["--forward", "http://127.0.0.1:4000/", "--server", &server];
    let (code, said) = refused("cairn_none", &forward).await;
    assert!(code == Some(1) && said.contains("does not know this token"), "{said}");
    app.finish().await;
}
