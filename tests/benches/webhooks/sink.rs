//! Who is called: a process that answers every POST at once, or hangs, or drips, and notes the rest.
//!
//! So that it is not what is measured, it reads HTTP by hand: the path, the two numbers that say
//! which delivery it is, and the length of the body.

use std::io::{BufRead as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::again::Again;
use super::served::now;

/// The word that makes this binary the sink.
pub(super) const SINK: &str = "sink";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A call, as far as it matters here.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Call {
    /// The last part of its path; 0 when that is no number.
    pub(super) endpoint: u32,
    /// The event's number in its account's log.
    pub(super) sequence: i64,
    /// When its first bytes were there.
    pub(super) at: u64,
}

/// The sink, as the one sees it that started it.
pub(super) struct Sink {
    process: Again,
    /// Such as `http://127.0.0.1:49152`.
    pub(super) address: String,
}

impl Sink {
    pub(super) async fn start() -> Self {
        let mut process = Again::start(SINK);
        let address = process.hear().await;
        Self { process, address }
    }

    /// How many calls were answered.
    pub(super) async fn count(&mut self) -> usize {
        self.process.tell("count").await;
        self.process.hear().await.parse().expect("a count")
    }

    /// Waits for so many calls.
    pub(super) async fn wait_for(&mut self, count: usize) {
        let waiting = async {
            while self.count().await < count {
                sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("all calls in time");
    }

    /// What was called; it is forgotten then.
    pub(super) async fn report(&mut self) -> Vec<Call> {
        self.process.tell("report").await;
        serde_json::from_str(&self.process.hear().await).expect("a report")
    }
}

/// The process itself.
pub(super) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let calls = Arc::<Mutex<Vec<Call>>>::default();
    let heard = Arc::clone(&calls);
    std::thread::spawn(move || obey(&heard));
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        say(&format!("http://{}", listener.local_addr().expect("an address")));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let calls = Arc::clone(&calls);
            // Whoever breaks off is none of our business.
            tokio::spawn(async move { drop(serve(stream, &calls).await) });
        }
    });
}

fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().expect("somebody listens");
}

fn obey(calls: &Mutex<Vec<Call>>) {
    for line in std::io::stdin().lock().lines() {
        let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
        match line.expect("text").as_str() {
            "count" => say(&calls.len().to_string()),
            _ => say(&serde_json::to_string(&std::mem::take(&mut *calls)).expect("JSON")),
        }
    }
    std::process::exit(0);
}

async fn serve(mut stream: TcpStream, calls: &Mutex<Vec<Call>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(8 * 1024);
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        let at = now();
        let (path, sequence, length) = loop {
            match head(&buffer) {
                Some(head) => break head,
                None if stream.read_buf(&mut buffer).await? == 0 => return Ok(()),
                None => {}
            }
        };
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        buffer.clear();
        match path.as_str() {
            "hang" => std::future::pending().await,
            "drip" => drip(&mut stream).await?,
            number => {
                let endpoint = number.parse().unwrap_or(0);
                let call = Call { endpoint, sequence, at };
                calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
                stream.write_all(ANSWER).await?;
            }
        }
    }
}

async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await?;
    loop {
        stream.write_all(b".").await?;
        sleep(Duration::from_secs(1)).await;
    }
}

/// The last part of the path, the sequence, and the length of the whole request; none while its head
/// is not all there.
fn head(buffer: &[u8]) -> Option<(String, i64, usize)> {
    let end = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&buffer[..end]);
    let path = head.split(' ').nth(1)?.rsplit('/').next()?.to_owned();
    let value = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name))?;
        line.split_once(':')?.1.trim().parse::<i64>().ok()
    };
    let length = usize::try_from(value("content-length:").unwrap_or(0)).ok()?;
    Some((path, value("cairn-sequence:").unwrap_or(0), end + length))
}
