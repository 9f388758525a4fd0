//! Very many watchers of a board on which nothing happens, and then something does.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::dataset::Dataset;
use super::figures::Spread;
use super::process::{Cpu, memory};
use super::run::{Scene, gather, happen};
use super::served::Served;
use super::watchers::Cuts;

/// How long nothing happens: longer than it takes until each was asked whether they may still.
const QUIET: Duration = Duration::from_secs(20);

/// Prints what so many cost.
pub(super) async fn show(dataset: &Dataset, watchers: usize, marks: &mut u32) {
    let pace = Duration::from_secs(1);
    let scene = Scene { boards: vec![0], watchers, events: 1, pace, cuts: Cuts::default() };
    let served = Served::start(dataset).await;
    let seats = served.seats(&scene.boards, watchers).await;
    let opening = Cpu::of(served.id());
    let (mut load, of_each) = gather(served.address(), served.id(), seats, &scene).await;
    let opened = opening.since();
    let (before, start) = (Cpu::of(served.id()), Instant::now());
    sleep(QUIET).await;
    let idle = before.since() / start.elapsed().as_secs_f64();
    let written = happen(&served, &scene.next(1, marks), pace).await;
    load.wait_for(watchers).await;
    let gathered_in = load.gathered_in;
    let report = load.report().await;
    let times: BTreeMap<u32, u64> = written.iter().map(|it| (it.mark, it.answered)).collect();
    let receipts = report.receipts.iter();
    let times = receipts.filter_map(|(mark, at)| Some(*at as i64 - *times.get(mark)? as i64));
    let times: Vec<i64> = times.collect();
    let last = times.iter().max().map_or(f64::NAN, |time| *time as f64 / 1e6);
    let (received, spread) = (times.len(), Spread::of(times));
    println!("\n{watchers} idle watchers of one board");
    println!(
        "  opened in {gathered_in:.1} s, {:.2} ms of CPU each",
        opened * 1e3 / watchers as f64
    );
    println!("  memory {of_each:.1} KiB a watcher, {:.0} MiB in all", memory(served.id()) / 1024.0);
    println!("  CPU {:.1} % of one processor while nothing happens", idle * 100.0);
    println!(
        "  one event: p50 {:.1} p95 {:.1} p99 {:.1} last {last:.1} ms after the answer; received \
         by {received}; {} failures",
        spread.p50, spread.p95, spread.p99, report.failures
    );
    served.stop().await;
}
