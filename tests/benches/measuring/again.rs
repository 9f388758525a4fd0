//! This binary again, in a process of its own that is told lines and says lines.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// How long it may take to say something.
const PATIENCE: Duration = Duration::from_secs(120);

/// It is killed when it goes out of scope.
pub(super) struct Again {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Again {
    /// Starts it as what the word says.
    pub(super) fn start(word: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .arg(word)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("this binary again");
        let input = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, input, output }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id().expect("it is running")
    }

    pub(super) async fn tell(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).await.expect("it listens");
    }

    pub(super) async fn hear(&mut self) -> String {
        let line = timeout(PATIENCE, self.output.next_line()).await.expect("a line in time");
        line.expect("text").expect("it is running")
    }
}
