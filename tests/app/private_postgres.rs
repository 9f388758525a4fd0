//! The Postgres that Cairn runs by itself: made, adopted, kept up, and stopped with it.

use std::fs;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::support::client::http;
use crate::support::data_dir::DataDir;
use crate::support::server::{Server, patiently, until};

#[tokio::test]
async fn a_newcomer_gets_one_click_and_a_clean_stop() {
    let data = DataDir::new("newcomer");
    let mut server = Server::spawn(data.command("on")).await;
    let line = server.printed(|line| line.starts_with("Sign in with one click: ")).await;
    let one_click = line.rsplit(' ').next().expect("an address");
    let asked = |url: &str| http().get(url);
    let answer = asked(one_click).send().await.expect("an answer");
    assert_eq!(answer.status(), 303);
    let forwarded = asked(one_click).header("x-forwarded-for", "203.0.113.7").send().await;
    assert_eq!(forwarded.expect("an answer").status(), 404, "a proxy stands between");

    assert!(server.stop().await.success());
    assert_eq!(data.postgres(), None);
    let log = server.log();
    let is_calm = |line: &String| line.contains(" INFO ");
    // Postgres was fetched, and made; the request was refused; we stopped.
    assert!(log.iter().all(is_calm) && log.len() <= 4, "{log:#?}");
}

#[tokio::test]
async fn a_killed_server_leaves_its_postgres_to_the_next_one() {
    let data = DataDir::new("killed");
    let mut first = data.serve().await;
    let postgres = data.postgres().expect("it runs");
    first.kill().await;
    assert_eq!(data.postgres(), Some(postgres));

    let mut second = data.serve().await;
    assert_eq!(data.postgres(), Some(postgres), "it was adopted");
    let line = data.refused().await;
    assert!(line.contains("another Cairn is running on the data directory"), "{line}");

    assert!(second.stop().await.success());
    assert_eq!(data.postgres(), None);
}

#[tokio::test]
async fn a_postgres_that_dies_is_started_again() {
    let data = DataDir::new("dying");
    let mut server = data.serve().await;
    let first = data.postgres().expect("it runs");
    kill(first, Signal::SIGKILL).expect("it ran");
    let up = format!("{}/up", server.address());
    until("the server to be well again", async || {
        let other = data.postgres().is_some_and(|postgres| postgres != first);
        let answer = http().get(&up).send().await.ok()?;
        (other && answer.status() == 200).then_some(())
    })
    .await;
    assert!(server.stop().await.success());
    assert_eq!(data.postgres(), None);
}

#[tokio::test]
async fn a_start_that_is_interrupted_can_be_made_again() {
    let data = DataDir::new("interrupted");
    let mut child = data.command("off").spawn().expect("the program starts");
    let mut log = BufReader::new(child.stderr.take().expect("piped")).lines();
    let first = patiently("Postgres to be fetched or made", log.next_line()).await;
    assert!(first.expect("text").is_some(), "it ended");
    let pid = Pid::from_raw(child.id().expect("it runs").cast_signed());
    kill(pid, Signal::SIGINT).expect("it runs");
    let status = patiently("the program to end", child.wait()).await.expect("its exit status");
    assert!(status.success(), "{status}");
    assert_eq!(data.postgres(), None);

    let mut server = data.serve().await;
    assert!(server.stop().await.success());
}

#[tokio::test]
async fn a_cluster_of_another_version_names_the_postgres_it_needs() {
    let data = DataDir::new("another-version");
    let cluster = data.0.join("postgres/cluster");
    fs::create_dir_all(&cluster).expect("a folder below target");
    fs::write(cluster.join("PG_VERSION"), "12\n").expect("a file");
    let line = data.refused().await;
    assert!(line.contains("was made by Postgres 12") && line.contains("install"), "{line}");
}
