//! What endpoints wait when one beside them hangs and one drips.

use std::time::Duration;

use cairn::db::embedded::Cluster;
use cairn::values::clock;
use sqlx::postgres::types::PgInterval;
use tokio::time::sleep;

use super::dataset::Dataset;
use super::figures::Spread;
use super::served::Served;
use super::sink::Sink;

/// How many endpoints are well.
const WELL: usize = 8;

/// How many events, one every so often.
const EVENTS: i64 = 1_000;
const EVERY: Duration = Duration::from_millis(10);

/// How long from when they are owed until the first is due.
const AHEAD: Duration = Duration::from_secs(4);

/// Prints what the well ones wait, alone and with the others beside them.
pub(super) async fn show(cluster: &Cluster, sink: &mut Sink) {
    println!("\n{WELL} endpoints, an event to each every {EVERY:?}");
    let alone = run(cluster, sink, &[]).await;
    let beside = run(cluster, sink, &["hang", "drip"]).await;
    print("alone", alone);
    print("beside the bad", beside);
    println!(
        "  times                 p50 {:.2}, at most 1.1; p99 {:.2}, at most 2",
        beside.p50 / alone.p50,
        beside.p99 / alone.p99
    );
}

async fn run(cluster: &Cluster, sink: &mut Sink, bad: &[&str]) -> Spread {
    let well = (0..WELL).map(|number| number.to_string());
    let paths: Vec<String> = well.chain(bad.iter().map(|path| (*path).to_owned())).collect();
    let dataset = Dataset::new(cluster, &sink.address, &paths).await;
    let every = i64::try_from(EVERY.as_micros()).expect("a short while");
    let first = clock::now() + AHEAD;
    dataset.owe(EVENTS, first, PgInterval { months: 0, days: 0, microseconds: every }).await;
    let served = Served::start(&dataset).await;
    dataset.go().await;
    let count = WELL * usize::try_from(EVENTS).expect("a count");
    sink.wait_for(count).await;
    sleep(Duration::from_millis(200)).await;
    served.stop().await;
    let first = i64::try_from(first.unix_timestamp_nanos()).expect("after 1970");
    let waited = sink.report().await.into_iter().map(|call| {
        let due = first + call.sequence * i64::try_from(EVERY.as_nanos()).expect("a short while");
        call.at as i64 - due
    });
    Spread::of(waited.collect())
}

fn print(name: &str, Spread { p50, p95, p99 }: Spread) {
    println!("  {name:<22}p50 {p50:>6.2}   p95 {p95:>6.2}   p99 {p99:>6.2} ms since it was due");
}
