//! The real program in a process of its own, on a free port, with its log read line by line.

use std::future::Future;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// The key of every test server, so that several processes on one database know each other's names.
pub const SECRET_KEY: &str = "the key of the tests, which is no secret at all";

/// How long a fact may take to come about before the test gives it up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs; it is killed when the test that started it is over.
pub struct Server {
    child: Child,
    address: String,
    said: Lines,
    log: Lines,
}

/// The lines a process has said so far.
#[derive(Clone)]
struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
    count: watch::Receiver<usize>,
}

impl Server {
    /// Starts a server on a database, on a free port.
    pub async fn start(database_url: &str) -> Self {
        Self::start_at(database_url, "127.0.0.1:0").await
    }

    /// Starts a server where another one was.
    pub async fn start_at(database_url: &str, bind: &str) -> Self {
        Self::spawn(on(database_url, bind)).await
    }

    /// Starts a server whose letters go out through a mail server.
    pub async fn start_with_mail(database_url: &str, smtp_url: &str) -> Self {
        let mut command = on(database_url, "127.0.0.1:0");
        command.env("CAIRN_SMTP_URL", smtp_url);
        Self::spawn(command).await
    }

    /// Starts a server behind a proxy on this machine, which says whom it asks for.
    pub async fn start_behind_proxy(database_url: &str) -> Self {
        let mut command = on(database_url, "127.0.0.1:0");
        command.env("CAIRN_TRUSTED_PROXIES", "127.0.0.0/8");
        Self::spawn(command).await
    }

    /// Starts a server as that command says, and waits until it listens.
    pub async fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let said = Lines::of(child.stdout.take().expect("piped"));
        let log = Lines::of(child.stderr.take().expect("piped"));
        let line = said.find(|line| line.contains("listening on"), &log).await;
        let address = line.rsplit(' ').next().expect("an address").trim_end_matches('/').to_owned();
        Self { child, address, said, log }
    }

    /// Waits until it has printed a line like that.
    pub async fn printed(&self, is_it: impl Fn(&str) -> bool) -> String {
        self.said.find(is_it, &self.log).await
    }

    /// Its address without a slash at the end, such as `http://127.0.0.1:49152`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it is running")
    }

    /// What it has logged so far.
    pub fn log(&self) -> Vec<String> {
        self.log.all()
    }

    /// Waits until it has logged a line like that.
    pub async fn logged(&self, is_it: impl Fn(&str) -> bool) -> String {
        self.log.find(is_it, &self.log).await
    }

    /// How many statements a request ran, by the id that its answer carries.
    pub fn statements_of(&self, request_id: &str) -> usize {
        // Who asks is known for a second after it was asked, so that one may be there or not.
        let is_one = |line: &&String| {
            line.contains("sqlx::query") && line.contains(request_id) && !line.contains("sign_ins")
        };
        self.log().iter().filter(is_one).count()
    }

    /// Ends it as a crash would.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it was running");
    }

    /// Stops it as an operator would.
    pub async fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop();
        self.ended().await
    }

    /// Asks it to stop as an operator would.
    pub fn ask_to_stop(&self) {
        let pid = self.id().cast_signed();
        kill(Pid::from_raw(pid), Signal::SIGTERM).expect("it is running");
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        patiently("the server to stop", self.child.wait()).await.expect("its exit status")
    }
}

/// A server on a database.
fn on(database_url: &str, bind: &str) -> Command {
    let mut command = program();
    command.env("DATABASE_URL", database_url).env("CAIRN_SECRET_KEY", SECRET_KEY);
    command.env("CAIRN_BIND", bind).env("CAIRN_WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8");
    command.env("RUST_LOG", "info,sqlxmq=warn,sqlx::query=debug");
    command
}

/// The program, with nothing of our own environment that would change what it does.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("CAIRN_")) {
        command.env_remove(name);
    }
    command.env_remove("DATABASE_URL").env_remove("RUST_LOG").env("NO_COLOR", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Waits for something that must come about.
pub async fn patiently<T>(what: &str, fact: impl Future<Output = T>) -> T {
    let outcome = tokio::time::timeout(PATIENCE, fact).await;
    outcome.unwrap_or_else(|_| panic!("waited {} s for {what}", PATIENCE.as_secs()))
}

/// Asks again and again until there is an answer; Postgres and sockets tell nobody by themselves.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    patiently(what, asking).await
}

impl Lines {
    fn of(output: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let (counted, count) = watch::channel(0);
        let kept = Arc::clone(&lines);
        tokio::spawn(async move {
            let mut reader = BufReader::new(output).lines();
            while let Ok(Some(line)) = reader.next_line().await {
                kept.lock().expect("nobody panics in here").push(line);
                counted.send_modify(|count| *count += 1);
            }
        });
        Self { lines, count }
    }

    fn all(&self) -> Vec<String> {
        self.lines.lock().expect("nobody panics in here").clone()
    }

    /// The first line like that, now or later; what the process logged explains why there is none.
    async fn find(&self, is_it: impl Fn(&str) -> bool, log: &Lines) -> String {
        let mut count = self.count.clone();
        let looking = async {
            loop {
                if let Some(line) = self.all().into_iter().find(|line| is_it(line)) {
                    return Some(line);
                }
                if count.changed().await.is_err() {
                    return self.all().into_iter().find(|line| is_it(line));
                }
            }
        };
        let found = patiently("a line of the program", looking).await;
        found.unwrap_or_else(|| panic!("the program ended:\n{}", log.all().join("\n")))
    }
}
