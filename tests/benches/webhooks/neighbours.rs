//! What endpoints wait when one beside them hangs and one drips.
//!
//! Rounds alternate, and their order turns, so that whatever else the machine does falls on each
//! alike; each delivery is due at a moment of its own, so that no grid of looks and due times meet.
//! Beside two more that are well, it shows what is owed to the load and not to the bad.

use std::time::Duration;

use cairn::db::embedded::Cluster;
use cairn::values::clock;
use sqlx::postgres::types::PgInterval;
use tokio::time::sleep;

use super::dataset::Dataset;
use super::figures::{Spread, median};
use super::served::Served;
use super::sink::Sink;

/// How many endpoints are measured.
const WELL: u32 = 8;

/// How many events, one every so often.
const EVENTS: i64 = 400;
const EVERY: Duration = Duration::from_millis(10);

/// How long from when they are owed until the first is due.
const AHEAD: Duration = Duration::from_secs(3);

const ROUNDS: usize = 7;

/// Who stands beside the ones that are measured.
const BESIDE: [(&str, &[&str]); 3] =
    [("alone", &[]), ("beside two well ones", &["8", "9"]), ("beside the bad", &["hang", "drip"])];

/// Prints what the well ones wait, alone and with others beside them.
pub(super) async fn show(cluster: &Cluster, sink: &mut Sink) {
    println!("\n{WELL} endpoints, an event to each every {EVERY:?}, {ROUNDS} rounds by turns");
    let mut rounds: [Vec<Spread>; BESIDE.len()] = Default::default();
    for round in 0..ROUNDS {
        for turn in 0..BESIDE.len() {
            let place = (round + turn) % BESIDE.len();
            rounds[place].push(run(cluster, sink, BESIDE[place].1).await);
        }
    }
    for ((name, _), spreads) in BESIDE.iter().zip(&rounds) {
        let Spread { p50, p95, p99 } = Spread::median(spreads);
        println!(
            "  {name:<22}p50 {p50:>6.2}   p95 {p95:>6.2}   p99 {p99:>6.2} ms since it was due"
        );
    }
    let [alone, beside_well, beside_bad] = rounds;
    print_times("two well, to alone", &alone, &beside_well);
    print_times("the bad, to two well", &beside_well, &beside_bad);
    print_times("the bad, to alone", &alone, &beside_bad);
    println!("  at most               p50  1.10                 p99  2.00");
}

/// How many times as long, round by round: the middle, the least and the most.
fn print_times(name: &str, than: &[Spread], these: &[Spread]) {
    let times = |figure: fn(&Spread) -> f64| {
        let mut times: Vec<f64> =
            these.iter().zip(than).map(|(this, than)| figure(this) / figure(than)).collect();
        times.sort_by(f64::total_cmp);
        let (least, most) = (times[0], times[times.len() - 1]);
        format!("{:>5.2} ({least:.2} to {most:.2})", median(times))
    };
    println!("  {name:<22}p50 {}   p99 {} times", times(|it| it.p50), times(|it| it.p99));
}

async fn run(cluster: &Cluster, sink: &mut Sink, beside: &[&str]) -> Spread {
    let well = (0..WELL).map(|number| number.to_string());
    let paths: Vec<String> = well.chain(beside.iter().map(|path| (*path).to_owned())).collect();
    let dataset = Dataset::new(cluster, &sink.address, &paths).await;
    let every = i64::try_from(EVERY.as_micros()).expect("a short while");
    let every = PgInterval { months: 0, days: 0, microseconds: every };
    dataset.owe(EVENTS, clock::now() + AHEAD, every).await;
    let served = Served::start(&dataset).await;
    dataset.go().await;
    let answering = paths.iter().filter(|path| path.parse::<u32>().is_ok()).count();
    sink.wait_for(answering * usize::try_from(EVENTS).expect("a count")).await;
    sleep(Duration::from_millis(200)).await;
    // It would wait for those that hang.
    served.kill().await;
    let due = dataset.due().await;
    let calls = sink.report().await.into_iter().filter(|call| call.endpoint < WELL);
    Spread::of(calls.map(|call| call.at as i64 - due[&(call.endpoint, call.sequence)]).collect())
}
