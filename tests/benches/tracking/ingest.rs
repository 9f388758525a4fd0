//! How many reports are taken a second, one by one and in batches, beside the limits.

use std::time::Duration;

use tokio::time::sleep;

use super::bare::{self, Bare};
use super::dataset::Dataset;
use super::figures::median;
use super::load::{Load, Reported};
use super::process::Cpu;
use super::rows;
use super::served::Served;
use super::statements;

/// The least share of the same handler that answers as soon as there is room in the queue, and of one that
/// answers 204 behind the same session and the same check against forgery.
const SHARES: [f64; 2] = [0.7, 0.35];

/// The most milliseconds that one of a hundred may wait.
const P99: f64 = 50.0;

/// The least share of the bare loop.
const SHARE_OF_LOOP: f64 = 0.7;

/// How long a server rests after its start.
const SETTLE: Duration = Duration::from_millis(700);

/// One at a time from each of 256 clients.
const SINGLE: Load = Load { clients: 256, requests: 90, batch: 1, pace: None, is_private: false };

/// The same from browsers that ask for privacy: they are answered 204, and nothing else is done.
const PRIVATE: Load = Load { clients: 256, requests: 90, batch: 1, pace: None, is_private: true };

/// Twenty at a time.
const BATCHES: Load = Load { clients: 64, requests: 90, batch: 20, pace: None, is_private: false };

/// Who takes reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taker {
    Ours,
    Early,
    Private,
    Commit,
    Nothing,
}

const TAKERS: [Taker; 5] =
    [Taker::Ours, Taker::Early, Taker::Private, Taker::Commit, Taker::Nothing];

/// What a run has shown.
struct Run {
    reported: Reported,
    /// Milliseconds of CPU of the server for each request.
    cpu: f64,
    /// Reports that one statement stored.
    together: f64,
}

/// Single reports: the program, the program answering early, the program with nothing to store, and two
/// bare handlers without session and check, by turns.
pub(super) async fn show_single(dataset: &Dataset, rounds: usize) {
    let Load { clients, requests, .. } = SINGLE;
    println!(
        "\nsingle events from {clients} clients, {requests} of each, {rounds} rounds by turns"
    );
    let mut runs: [Vec<Run>; TAKERS.len()] = Default::default();
    for round in 0..rounds {
        for turn in 0..TAKERS.len() {
            let place = (round + turn) % TAKERS.len();
            let load = if TAKERS[place] == Taker::Private { &PRIVATE } else { &SINGLE };
            runs[place].push(TAKERS[place].run(dataset, load).await);
        }
    }
    print_head();
    for (taker, runs) in TAKERS.iter().zip(&runs) {
        print(taker.name(), runs, 1);
    }
    let [ours, early, private, commit, nothing] = &runs;
    print_share("of answering early", &rates(ours), &rates(early), Some(SHARES[0]));
    print_share("of our 204", &rates(ours), &rates(private), Some(SHARES[1]));
    print_share("of the bare commit", &rates(ours), &rates(commit), None);
    print_share("of the bare 204", &rates(ours), &rates(nothing), None);
    println!("  p99                   {:.1} ms, at most {P99}", p99(ours));
}

/// Batches: the program beside a loop that runs its statement, and beside COPY.
pub(super) async fn show_batches(dataset: &Dataset, rounds: usize) {
    let Load { clients, requests, batch, .. } = BATCHES;
    println!(
        "\nbatches of {batch} from {clients} clients, {requests} of each, {rounds} rounds by turns"
    );
    let (mut ours, mut loops, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(Taker::Ours.run(dataset, &BATCHES).await);
        // As many at once as all clients together bring.
        let (rows, at_once) = (clients * requests * batch, clients * batch);
        dataset.forget().await;
        loops.push(rows::rate(dataset, rows, at_once, false).await);
        dataset.forget().await;
        copies.push(rows::rate(dataset, rows, at_once, true).await);
    }
    print_head();
    print("ours", &ours, batch);
    print_limit("a loop, same statement", &loops);
    print_limit("COPY, nothing counted", &copies);
    let ours_rates: Vec<f64> = rates(&ours).iter().map(|rate| rate * batch as f64).collect();
    print_share("of the loop", &ours_rates, &loops, Some(SHARE_OF_LOOP));
    print_share("of COPY", &ours_rates, &copies, None);
    println!("  p99                   {:.1} ms, at most {P99}", p99(&ours));
}

impl Taker {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Early => "ours, answers once queued",
            Self::Private => "ours, 204 and no more",
            Self::Commit => "bare, the same commit",
            Self::Nothing => "bare, 204 and no more",
        }
    }

    async fn run(self, dataset: &Dataset, load: &Load) -> Run {
        dataset.forget().await;
        match self {
            Self::Ours | Self::Private => {
                self.load_served(Served::start(&dataset.url_with("")).await, dataset, load).await
            }
            Self::Early => {
                self.load_served(Served::start_early(&dataset.url_with("")).await, dataset, load)
                    .await
            }
            Self::Commit | Self::Nothing => {
                let word = if self == Self::Commit { bare::COMMIT } else { bare::NOTHING };
                let bare = Bare::start(word, dataset).await;
                self.load(&bare.address, bare.id(), dataset, load).await
            }
        }
    }

    async fn load_served(self, served: Served, dataset: &Dataset, load: &Load) -> Run {
        sleep(SETTLE).await;
        let run = self.load(served.address(), served.id(), dataset, load).await;
        served.stop().await;
        // A server that stops has stored all that it took.
        assert_eq!(dataset.stored().await, load.stored(), "{}", self.name());
        run
    }

    async fn load(self, address: &str, process: u32, dataset: &Dataset, load: &Load) -> Run {
        statements::forget(&dataset.pool).await;
        let cpu = Cpu::of(process);
        let reported = load.run(address, &dataset.people, &dataset.things).await;
        let requests = load.events() / load.batch;
        let (cpu, stored) = (cpu.since() / requests as f64 * 1_000.0, dataset.stored().await);
        let together = stored as f64 / statements::stores(&dataset.pool).await as f64;
        Run { reported, cpu, together }
    }
}

fn rates(runs: &[Run]) -> Vec<f64> {
    runs.iter().map(|run| run.reported.rate).collect()
}

fn p99(runs: &[Run]) -> f64 {
    median(runs.iter().map(|run| run.reported.p99))
}

fn print_head() {
    println!(
        "  {:<26}{:>10}{:>18}{:>9}{:>9}{:>12}{:>12}",
        "", "events/s", "least–most", "p50 ms", "p99 ms", "CPU µs/req", "at once"
    );
}

fn print(name: &str, runs: &[Run], batch: usize) {
    let events: Vec<f64> = rates(runs).iter().map(|rate| rate * batch as f64).collect();
    let p50 = median(runs.iter().map(|run| run.reported.p50));
    let cpu = median(runs.iter().map(|run| run.cpu)) * 1_000.0;
    let together = median(runs.iter().map(|run| run.together));
    let together = if together.is_finite() { format!("{together:.0}") } else { String::new() };
    println!("{}{p50:>9.1}{:>9.1}{cpu:>12.0}{together:>12}", spread(name, &events), p99(runs));
}

fn print_limit(name: &str, rates: &[f64]) {
    println!("{}", spread(name, rates));
}

fn spread(name: &str, rates: &[f64]) -> String {
    let (least, most) = ends(rates);
    let ends = format!("{least:.0}–{most:.0}");
    format!("  {name:<26}{:>10.0}{ends:>18}", median(rates.iter().copied()))
}

/// What share of another’s rate it is, round by round: the middle, the least and the most.
fn print_share(name: &str, ours: &[f64], others: &[f64], least_wanted: Option<f64>) {
    let shares: Vec<f64> = ours.iter().zip(others).map(|(ours, other)| ours / other).collect();
    let (least, most) = ends(&shares);
    let wanted = least_wanted.map(|wanted| format!(", at least {wanted}")).unwrap_or_default();
    let middle = median(shares.iter().copied());
    println!("  {name:<22}{middle:.2} ({least:.2} to {most:.2}){wanted}");
}

fn ends(figures: &[f64]) -> (f64, f64) {
    figures.iter().fold((f64::INFINITY, 0.0), |(least, most), figure| {
        (f64::min(least, *figure), f64::max(most, *figure))
    })
}
