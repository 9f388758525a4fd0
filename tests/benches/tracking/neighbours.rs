//! What the board’s page waits for while others report, and that it never waits for tracking.

use std::time::Duration;

use super::dataset::{Dataset, SLUG};
use super::figures::{Spread, median};
use super::load::{Load, Reported};
use super::opener::Opening;
use super::served::Served;
use super::statements;

/// Reports a second.
const PACE: f64 = 500.0;

/// As many people as stay below what each may report.
const CLIENTS: usize = 64;

/// Pages of a run, and from one to the next.
const PAGES: usize = 300;
const EVERY: Duration = Duration::from_millis(20);

/// The most times as long that a page may take.
const TIMES: f64 = 1.3;

/// Has Postgres tell of each statement, and of each wait for a lock of more than a millisecond.
const TOLD: &str = "-c log_min_duration_statement=0 -c log_lock_waits=on -c deadlock_timeout=1ms";

/// The page with and without reports beside it, by turns; then the waits of one more run are counted.
pub(super) async fn show(dataset: &Dataset, rounds: usize) {
    println!("\nthe board’s page, {PAGES} times a run, beside {PACE} events a second");
    let served = Served::start(&dataset.url_with("")).await;
    let (mut quiet, mut busy, mut reported) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..2 * rounds {
        // Which one is first turns: quiet, busy, busy, quiet.
        match round % 4 == 0 || round % 4 == 3 {
            true => quiet.push(opening(&served, dataset).run().await),
            false => {
                let (pages, load) = run_busy(&served, dataset).await;
                busy.push(pages);
                reported.push(load);
            }
        }
    }
    served.stop().await;
    print(&quiet, &busy, &reported);
    count_waits(dataset).await;
}

async fn run_busy(served: &Served, dataset: &Dataset) -> (Spread, Reported) {
    let seconds = EVERY.as_secs_f64() * PAGES as f64;
    let requests = (PACE * seconds / CLIENTS as f64) as usize;
    let load = Load { clients: CLIENTS, requests, batch: 1, pace: Some(PACE), is_private: false };
    let opening = opening(served, dataset);
    let reporting = load.run(served.address(), &dataset.people, &dataset.things);
    tokio::join!(opening.run(), reporting)
}

fn opening(served: &Served, dataset: &Dataset) -> Opening {
    Opening {
        address: served.address().trim_start_matches("http://").to_owned(),
        cookie: dataset.people[0].cookie.clone(),
        path: format!("/{SLUG}/boards/{}", dataset.things.0[0].0),
        times: PAGES,
        every: EVERY,
    }
}

fn print(quiet: &[Spread], busy: &[Spread], reported: &[Reported]) {
    for (name, runs) in [("alone", quiet), ("beside events", busy)] {
        let Spread { p50, p95, p99 } = Spread::median(runs);
        println!("  {name:<22}p50 {p50:>6.2}   p95 {p95:>6.2}   p99 {p99:>6.2} ms");
    }
    let mut times: Vec<f64> =
        busy.iter().zip(quiet).map(|(busy, quiet)| busy.p50 / quiet.p50).collect();
    times.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (times.first(), times.last()) else { return };
    println!(
        "  the page’s p50        {:.2} times ({least:.2} to {most:.2}), at most {TIMES}",
        median(times.iter().copied())
    );
    println!(
        "  events beside         {:.0} a second, p50 {:.1}, p99 {:.1} ms",
        median(reported.iter().map(|it| it.rate)),
        median(reported.iter().map(|it| it.p50)),
        median(reported.iter().map(|it| it.p99))
    );
}

/// Each statement is told with its connection, so that what is counted is complete.
async fn count_waits(dataset: &Dataset) {
    let served = Served::start(&dataset.url_with(TOLD)).await;
    let end = statements::end_of_log(&dataset.pool).await;
    run_busy(&served, dataset).await;
    served.stop().await;
    let waits = statements::waits_since(&dataset.pool, end).await;
    assert!(waits.stores > 0 && waits.others > PAGES, "the log tells of both: {waits:?}");
    println!(
        "  connections           {} of tracking, which stored {} times and ran {} other statements; \
         all else ran {} over others",
        waits.tracking.len(),
        waits.stores,
        waits.others_of_tracking,
        waits.others
    );
    println!(
        "  waits for a lock      {} of {} statements, {} of them for one of tracking’s, at most 0",
        waits.locks, waits.others, waits.locks_of_tracking
    );
}
