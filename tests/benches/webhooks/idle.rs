//! How soon a receiver hears of something, while nothing else happens.

use std::collections::HashMap;
use std::time::Duration;

use cairn::db::embedded::Cluster;
use tokio::time::sleep;

use super::dataset::Dataset;
use super::figures::Spread;
use super::served::Served;
use super::sink::Sink;

/// How many events.
const EVENTS: usize = 200;

/// From one to the next: longer than anything that follows from one.
const PACE: Duration = Duration::from_millis(60);

/// Milliseconds, in the middle and for one of a hundred.
const TARGETS: [f64; 2] = [5.0, 50.0];

/// Changes a card again and again, and prints how long the receiver waited.
pub(super) async fn show(cluster: &Cluster, sink: &mut Sink) {
    println!("\none event every {PACE:?} to one endpoint");
    let dataset = Dataset::new(cluster, &sink.address, &["0".to_owned()]).await;
    let (card, token) = dataset.card().await;
    let served = Served::start(&dataset).await;
    let first = sequence(&dataset).await + 1;
    let mut written = HashMap::new();
    for event in 0..EVENTS {
        let times = served.write(card, &token, &format!("Letter {event}")).await;
        written.insert(first + i64::try_from(event).expect("a count"), times);
        sleep(PACE).await;
    }
    sink.wait_for(EVENTS).await;
    served.stop().await;
    let calls = sink.report().await;
    let since = |from: fn(&(u64, u64)) -> u64| {
        let waited =
            calls.iter().map(|call| call.at as i64 - from(&written[&call.sequence]) as i64);
        Spread::of(waited.collect())
    };
    // What is committed is answered; so this is what comes after the commit, less the answer.
    print("since the answer", since(|(_, answered)| *answered));
    print("since it was asked", since(|(asked, _)| *asked));
    println!(
        "  at most               p50 {:>6.2}   p99 {:>6.2} since the commit",
        TARGETS[0], TARGETS[1]
    );
}

async fn sequence(dataset: &Dataset) -> i64 {
    let head = "select max(sequence) from account_heads";
    sqlx::query_scalar(head).fetch_one(&dataset.pool).await.expect("the head")
}

fn print(name: &str, Spread { p50, p95, p99 }: Spread) {
    println!("  {name:<22}p50 {p50:>6.2}   p95 {p95:>6.2}   p99 {p99:>6.2} ms");
}
