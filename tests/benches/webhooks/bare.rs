//! The limit: a process that posts the same bytes with reqwest, many at once, and does nothing else.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;

use super::again::Again;
use super::client;
use super::process::Cpu;

/// The word that makes this binary the bare loop.
pub(super) const BARE: &str = "bare";

/// How many requests are under way.
const AT_ONCE: usize = 64;

/// What it is to do: its first line.
#[derive(Serialize, Deserialize)]
struct Orders {
    address: String,
    endpoints: usize,
    requests: usize,
    body: String,
}

/// What it reached.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Limit {
    /// Requests a second.
    pub(super) rate: f64,
    /// Milliseconds of CPU for each.
    pub(super) cpu: f64,
}

/// Has a process post so many requests to so many endpoints of the sink.
pub(super) async fn limit(address: &str, endpoints: usize, requests: usize, body: &str) -> Limit {
    let orders = Orders { address: address.to_owned(), endpoints, requests, body: body.to_owned() };
    let mut process = Again::start(BARE);
    process.tell(&json!(orders).to_string()).await;
    serde_json::from_str(&process.hear().await).expect("figures")
}

/// The process itself.
pub(super) fn run() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let orders: Orders = serde_json::from_str(&line).expect("orders");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{}", json!(runtime.block_on(post(&orders))));
}

async fn post(orders: &Orders) -> Limit {
    let (client, places) = (client::http(), Arc::new(Semaphore::new(AT_ONCE)));
    let (start, cpu) = (Instant::now(), Cpu::of(std::process::id()));
    for number in 0..orders.requests {
        let place = Arc::clone(&places).acquire_owned().await.expect("a place");
        let url = format!("{}/{}", orders.address, number % orders.endpoints);
        let request = client.post(url).header("content-type", "application/json");
        let request = request.header("cairn-sequence", number).body(orders.body.clone());
        tokio::spawn(async move {
            let answer = request.send().await.expect("an answer");
            answer.bytes().await.expect("all of it");
            drop(place);
        });
    }
    let _all = places.acquire_many(AT_ONCE as u32).await.expect("all places");
    let requests = orders.requests as f64;
    Limit { rate: requests / start.elapsed().as_secs_f64(), cpu: cpu.since() / requests * 1_000.0 }
}
