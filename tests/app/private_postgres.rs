//! The Postgres that Cairn runs by itself: made, adopted, kept up, and stopped with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::support::client::http;
use crate::support::server::{Server, patiently, program, until};

/// A data directory, removed when the test is over, and what runs on it stopped.
struct DataDir(PathBuf);

impl DataDir {
    fn new(name: &str) -> Self {
        let folder = format!("private-{name}-{}", process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder))
    }

    /// A command on this directory, without the demo unless the test is about it.
    fn command(&self, demo: &str) -> Command {
        let mut command = program();
        command.env("CAIRN_DATA_DIR", &self.0).env("CAIRN_BIND", "127.0.0.1:0");
        command.env("CAIRN_DEMO", demo);
        command
    }

    async fn serve(&self) -> Server {
        Server::spawn(self.command("off")).await
    }

    /// Runs a command that is refused: its one line.
    async fn refused(&self) -> String {
        let output = self.command("off").output().await.expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        said.lines().last().unwrap_or_default().to_owned()
    }

    /// The process that runs the cluster.
    fn postgres(&self) -> Option<Pid> {
        let file = self.0.join("postgres/cluster/postmaster.pid");
        let pid = fs::read_to_string(file).ok()?.lines().next()?.parse().ok()?;
        kill(Pid::from_raw(pid), None).ok().map(|()| Pid::from_raw(pid))
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if let Some(postgres) = self.postgres() {
            // A test that failed left it running.
            let _ = kill(postgres, Signal::SIGQUIT);
        }
        if let Ok(elsewhere) = fs::canonicalize(self.0.join("postgres")) {
            let _ = fs::remove_dir_all(elsewhere);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

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
