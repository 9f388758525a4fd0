//! The processes with the watchers, as the one sees them that started them.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::sleep;

use super::again::Again;
use super::process::Cpu;
use super::watchers::{Count, Cuts, Orders, Report, Seat};

/// The word that makes this binary such a process.
pub(super) const WATCH: &str = "watch";

/// The most watchers of one process.
const MOST: usize = 1_250;

/// How long the last fragments are waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// All who watch in a run.
pub(super) struct Load {
    processes: Vec<Again>,
    /// How many seconds it took until all of them watched.
    pub(super) gathered_in: f64,
}

impl Load {
    /// Returns once everybody is subscribed.
    pub(super) async fn start(address: &str, seats: Vec<Seat>, cuts: Cuts) -> Self {
        let start = Instant::now();
        let address = address.trim_start_matches("http://");
        let mut processes = Vec::new();
        for seats in portions(seats) {
            let orders = Orders { address: address.to_owned(), seats, cuts };
            let mut process = Again::start(WATCH);
            process.tell(&json!(orders).to_string()).await;
            processes.push(process);
        }
        join_all(processes.iter_mut().map(Again::hear)).await;
        Self { processes, gathered_in: start.elapsed().as_secs_f64() }
    }

    /// From now on sockets are cut.
    pub(super) async fn cut(&mut self) {
        join_all(self.processes.iter_mut().map(|process| process.tell("cut"))).await;
    }

    /// Waits until so many marks were received, or for long enough.
    pub(super) async fn wait_for(&mut self, receipts: usize) {
        let start = Instant::now();
        while self.count().await.receipts < receipts && start.elapsed() < PATIENCE {
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// How much was received so far.
    pub(super) async fn count(&mut self) -> Count {
        let counts = join_all(self.processes.iter_mut().map(async |process| {
            process.tell("count").await;
            serde_json::from_str::<Count>(&process.hear().await).expect("figures")
        }));
        counts.await.into_iter().fold(Count::default(), |sum, count| Count {
            receipts: sum.receipts + count.receipts,
            fragments: sum.fragments + count.fragments,
        })
    }

    /// What was received; then all of them are gone.
    pub(super) async fn report(mut self) -> Report {
        let mut whole = Report::default();
        for process in &mut self.processes {
            process.tell("report").await;
            let part: Report = serde_json::from_str(&process.hear().await).expect("a report");
            whole.receipts.extend(part.receipts);
            whole.fragments += part.fragments;
            whole.refreshes += part.refreshes;
            whole.failures += part.failures;
            whole.cuts += part.cuts;
            whole.kept.extend(part.kept);
        }
        whole
    }

    pub(super) fn cpu(&self) -> Vec<Cpu> {
        self.processes.iter().map(|process| Cpu::of(process.id())).collect()
    }
}

/// The seats of each process.
fn portions(seats: Vec<Seat>) -> Vec<Vec<Seat>> {
    let (mut portions, mut portion, mut room) = (Vec::new(), Vec::new(), MOST);
    for mut seat in seats {
        while seat.watchers > room {
            let rest = seat.watchers - room;
            portion.push(Seat { watchers: room, ..seat.clone() });
            portions.push(std::mem::take(&mut portion));
            seat = Seat { watchers: rest, keeps: false, ..seat };
            room = MOST;
        }
        room -= seat.watchers;
        portion.push(seat);
    }
    portions.push(portion);
    portions
}
