//! Opening a page again and again from a process of its own, at a pace that leaves the machine room.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::again::Again;
use super::figures::Spread;

/// The word that makes this binary the process that opens a page.
pub(super) const OPEN: &str = "open";

/// How many pages count for nothing.
const WARM_UP: usize = 20;

/// What is opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Opening {
    pub(super) address: String,
    pub(super) cookie: String,
    pub(super) path: String,
    pub(super) times: usize,
    pub(super) every: Duration,
}

impl Opening {
    /// Has a process open it; how long that took each time.
    pub(super) async fn run(&self) -> Spread {
        let mut process = Again::start(OPEN);
        process.tell(&json!(self).to_string()).await;
        let times: Vec<i64> = serde_json::from_str(&process.hear().await).expect("times");
        assert_eq!(times.len(), self.times);
        Spread::of(times)
    }

    fn open(&self, connection: &mut BufReader<TcpStream>) -> i64 {
        let Self { address, cookie, path, .. } = self;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept: text/html\r\n\r\n"
        );
        let start = Instant::now();
        connection.get_mut().write_all(request.as_bytes()).expect("a request");
        let (mut line, mut length) = (String::new(), 0);
        connection.read_line(&mut line).expect("a status");
        assert!(line.starts_with("HTTP/1.1 200"), "{path}: {line}");
        while line != "\r\n" {
            line.clear();
            connection.read_line(&mut line).expect("a header");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).expect("a body");
        assert!(length > 0, "{path} is empty");
        i64::try_from(start.elapsed().as_nanos()).expect("a short while")
    }
}

/// The process itself.
#[expect(clippy::disallowed_methods, reason = "nothing else runs in this process while it sleeps")]
pub(super) fn run() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let opening: Opening = serde_json::from_str(&line).expect("orders");
    let stream = TcpStream::connect(&opening.address).expect("a server");
    stream.set_nodelay(true).expect("a socket");
    let mut connection = BufReader::new(stream);
    let mut times = Vec::new();
    for turn in 0..WARM_UP + opening.times {
        let start = Instant::now();
        let time = opening.open(&mut connection);
        times.extend((turn >= WARM_UP).then_some(time));
        thread::sleep(opening.every.saturating_sub(start.elapsed()));
    }
    println!("{}", json!(times));
}
