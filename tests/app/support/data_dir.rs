//! A data directory of a test's own, with the Postgres that the program runs in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Command;

use super::server::{Server, program};

/// A data directory, removed when the test is over, and what runs on it stopped.
pub struct DataDir(pub PathBuf);

impl DataDir {
    /// A directory that is not there yet.
    pub fn new(name: &str) -> Self {
        let folder = format!("private-{name}-{}", process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder))
    }

    /// A command on this directory, without the demo unless the test is about it.
    pub fn command(&self, demo: &str) -> Command {
        let mut command = program();
        command.env("CAIRN_DATA_DIR", &self.0).env("CAIRN_BIND", "127.0.0.1:0");
        command.env("CAIRN_DEMO", demo);
        command
    }

    /// A server on it, without the demo.
    pub async fn serve(&self) -> Server {
        Server::spawn(self.command("off")).await
    }

    /// Runs a command that is refused: its one line.
    pub async fn refused(&self) -> String {
        let output = self.command("off").output().await.expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        said.lines().last().unwrap_or_default().to_owned()
    }

    /// The process that runs the cluster.
    pub fn postgres(&self) -> Option<Pid> {
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
