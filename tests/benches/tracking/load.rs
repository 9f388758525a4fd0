//! Reports from a process of its own, over connections that are kept, each with one request under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::time::{MissedTickBehavior, interval_at};

use super::again::Again;
use super::dataset::SLUG;
use super::events::{self, Things};
use super::figures::Spread;
use super::people::Browser;

/// The word that makes this binary the process that reports.
pub(super) const REPORT: &str = "report";

/// The header that says to a bare handler who reports: the place among the people.
pub(super) const PERSON: &str = "x-person";

/// How many requests of each client count for nothing.
pub(super) const WARM_UP: usize = 5;

/// What is to be reported: the first line that the process is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Load {
    /// How many clients, each of them another person.
    pub(super) clients: usize,
    /// How many requests of each client are measured: with those before, no more than the burst that a
    /// person is granted.
    pub(super) requests: usize,
    /// How many reports each request brings.
    pub(super) batch: usize,
    /// How many requests there are a second; none: as many as are answered.
    pub(super) pace: Option<f64>,
    /// Whether the browsers ask for privacy: then nothing is stored.
    pub(super) is_private: bool,
}

#[derive(Serialize, Deserialize)]
struct Orders {
    address: String,
    load: Load,
    people: Vec<Browser>,
    things: Things,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Reported {
    /// Requests a second.
    pub(super) rate: f64,
    /// Milliseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
}

impl Load {
    /// How many reports it comes to, those that count for nothing among them.
    pub(super) fn events(&self) -> usize {
        self.clients * (WARM_UP + self.requests) * self.batch
    }

    /// How many of them are stored.
    pub(super) fn stored(&self) -> usize {
        if self.is_private { 0 } else { self.events() }
    }

    /// Has a process report all of it to a server.
    pub(super) async fn run(&self, address: &str, people: &[Browser], things: &Things) -> Reported {
        let orders = Orders {
            address: address.trim_start_matches("http://").to_owned(),
            load: self.clone(),
            people: people.to_vec(),
            things: things.clone(),
        };
        let mut process = Again::start(REPORT);
        process.tell(&json!(orders).to_string()).await;
        serde_json::from_str(&process.hear().await).expect("figures")
    }
}

/// The process itself.
pub(super) fn run() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let orders: Orders = serde_json::from_str(&line).expect("orders");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{}", json!(runtime.block_on(report(orders))));
}

async fn report(orders: Orders) -> Reported {
    let (clients, requests) = (orders.load.clients, orders.load.requests);
    let (orders, together) = (Arc::new(orders), Arc::new(Barrier::new(clients + 1)));
    let reporting = (0..clients).map(|number| {
        tokio::spawn(Client::report(Arc::clone(&orders), number, Arc::clone(&together)))
    });
    let reporting: Vec<_> = reporting.collect();
    together.wait().await;
    let start = Instant::now();
    let mut times = Vec::with_capacity(clients * requests);
    for client in reporting {
        times.extend(client.await.expect("a client that ends"));
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    let Spread { p50, p99, .. } = Spread::of(times);
    Reported { rate, p50, p99 }
}

/// A connection, and the browser at its end.
struct Client {
    stream: TcpStream,
    head: String,
    answer: [u8; 4096],
}

impl Client {
    /// Reports what one client has to; how long each request took, in nanoseconds.
    async fn report(orders: Arc<Orders>, number: usize, together: Arc<Barrier>) -> Vec<i64> {
        let Orders { load, things, .. } = &*orders;
        let mut client = Self::new(&orders, number).await;
        // Each client begins elsewhere, so that no two report the same in step.
        let turns = (0..).map(|request| (request * load.clients + number) * load.batch);
        let mut bodies = turns.map(|turn| events::body(turn, load.batch, things));
        for body in bodies.by_ref().take(WARM_UP) {
            client.post(&body).await;
        }
        together.wait().await;
        let mut turn = load.pace.map(|pace| {
            let every = Duration::from_secs_f64(load.clients as f64 / pace);
            let offset = Duration::from_secs_f64(number as f64 / pace);
            let mut turn = interval_at(tokio::time::Instant::now() + offset, every);
            turn.set_missed_tick_behavior(MissedTickBehavior::Burst);
            turn
        });
        let mut times = Vec::with_capacity(load.requests);
        for _ in 0..load.requests {
            if let Some(turn) = &mut turn {
                turn.tick().await;
            }
            let body = bodies.next().expect("there is always another");
            let start = Instant::now();
            client.post(&body).await;
            times.push(i64::try_from(start.elapsed().as_nanos()).expect("a short while"));
        }
        times
    }

    async fn new(orders: &Orders, number: usize) -> Self {
        let stream = TcpStream::connect(&orders.address).await.expect("a server");
        stream.set_nodelay(true).expect("a socket");
        let person = number % orders.people.len();
        let Browser { cookie, csrf_token, .. } = &orders.people[person];
        let privacy = if orders.load.is_private { "sec-gpc: 1\r\n" } else { "" };
        let head = format!(
            "POST /{SLUG}/tracking_events HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\
             x-csrf-token: {csrf_token}\r\n{PERSON}: {person}\r\naccept: application/json\r\n\
             content-type: application/json\r\n{privacy}",
            orders.address
        );
        Self { stream, head, answer: [0; 4096] }
    }

    /// Sends a request, and waits until it is answered that all is well.
    async fn post(&mut self, body: &str) {
        let request = format!("{}content-length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.write_all(request.as_bytes()).await.expect("a request");
        let mut length = 0;
        while !self.answer[..length].ends_with(b"\r\n\r\n") {
            let read = self.stream.read(&mut self.answer[length..]).await.expect("an answer");
            assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&self.answer));
            length += read;
            let said = &self.answer[..length];
            let is_well = said.starts_with(b"HTTP/1.1 204") || length < 12;
            assert!(is_well, "{}", String::from_utf8_lossy(said));
        }
    }
}
