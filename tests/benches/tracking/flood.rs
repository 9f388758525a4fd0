//! Somebody who reports far more than they may, and bodies that no browser sends, from a process of its
//! own and at a pace that leaves the machine room.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::again::Again;
use super::dataset::SLUG;
use super::events::{self, Things};
use super::people::Browser;

/// The word that makes this binary the process that floods.
pub(super) const FLOOD: &str = "flood";

/// Every so many requests one has a bad body.
pub(super) const BAD_EVERY: usize = 40;

/// Who floods what, how long, and how fast.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Flood {
    pub(super) address: String,
    pub(super) person: Browser,
    pub(super) things: Things,
    pub(super) lasts: Duration,
    pub(super) every: Duration,
}

/// How often each status was answered; 0 stands for a connection that was closed without an answer.
pub(super) type Answers = BTreeMap<u16, usize>;

impl Flood {
    /// Has a process flood; how it was answered.
    pub(super) async fn run(&self) -> Answers {
        let mut process = Again::start(FLOOD);
        process.tell(&json!(self).to_string()).await;
        serde_json::from_str(&process.hear().await).expect("answers")
    }

    /// 10 MiB, 10,000 items, and a NUL, one after the other.
    fn bad_body(&self, turn: usize) -> String {
        match turn % 3 {
            0 => format!(r#"{{"tracking_event":"{}"}}"#, "a".repeat(10 << 20)),
            1 => events::body(turn, 10_000, &self.things),
            _ => events::body(turn, 1, &self.things).replace("https:", "https:\\u0000"),
        }
    }

    /// Sends a body over a connection, or a new one where that was closed.
    fn post(&self, kept: &mut Option<TcpStream>, body: &str) -> u16 {
        let mut stream = kept.take().unwrap_or_else(|| {
            let stream = TcpStream::connect(&self.address).expect("a server");
            stream.set_nodelay(true).expect("a socket");
            stream
        });
        let Browser { cookie, csrf_token, .. } = &self.person;
        let request = format!(
            "POST /{SLUG}/tracking_events HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\
             x-csrf-token: {csrf_token}\r\naccept: application/json\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let sent = stream.write_all(request.as_bytes()).is_ok();
        let answered = status(&mut stream);
        // After a body that was not read to its end the server closes.
        *kept = (sent && matches!(answered, 204 | 422 | 429)).then_some(stream);
        answered
    }
}

/// The status of an answer, which is read to its end.
fn status(stream: &mut TcpStream) -> u16 {
    let mut reader = BufReader::new(stream);
    let (mut line, mut status, mut length) = (String::new(), 0, 0);
    loop {
        line.clear();
        match reader.read_line(&mut line) {
            Ok(1..) if line == "\r\n" => break,
            Ok(1..) => {}
            _ => return status,
        }
        if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
            status = rest[..3].parse().expect("a status");
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    status
}

/// The process itself.
#[expect(clippy::disallowed_methods, reason = "nothing else runs in this process while it sleeps")]
pub(super) fn run() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let flood: Flood = serde_json::from_str(&line).expect("orders");
    let bad: Vec<String> = (0..3).map(|turn| flood.bad_body(turn)).collect();
    let (mut answers, mut connection) = (Answers::new(), None);
    let start = Instant::now();
    for turn in 0.. {
        let due = flood.every * turn;
        if due > flood.lasts {
            break;
        }
        thread::sleep(due.saturating_sub(start.elapsed()));
        let turn = usize::try_from(turn).expect("a count");
        let body = match turn % BAD_EVERY {
            0 => bad[turn / BAD_EVERY % bad.len()].clone(),
            _ => events::body(turn, 1, &flood.things),
        };
        *answers.entry(flood.post(&mut connection, &body)).or_default() += 1;
    }
    println!("{}", json!(answers));
}
