//! Ours beside the limit, by turns, and what is printed of it.

use std::time::{Duration, Instant};

use super::dataset::Dataset;
use super::figures::{Spread, median};
use super::run::{self, Outcome, Scene};
use super::served::Served;
use super::watchers::Cuts;

/// The most CPU of a fragment, as a multiple of the limit's.
const CPU: f64 = 2.0;

/// The most time to a receipt, as a multiple of the limit's, beside the commit.
const TIME: f64 = 1.5;

/// The most KiB of a watcher.
const MEMORY: f64 = 12.0;

/// What a round may take. Where rounds take longer, on a machine that is busy otherwise, there are
/// fewer of them: the whole bench ends within ten minutes.
const A_ROUND: Duration = Duration::from_secs(24);

/// Runs the scene so often, and prints the medians.
pub(super) async fn compare(
    title: &str,
    dataset: &Dataset,
    scene: &Scene,
    rounds: usize,
    marks: &mut u32,
) {
    println!("\n{title}");
    let start = Instant::now();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        // A new process holds no memory of the run before.
        let served = Served::start(dataset).await;
        let of_a_write = run::cost_of_a_write(&served, scene, marks).await;
        let seats = served.seats(&scene.boards, scene.watchers).await;
        let outcome = run::ours(&served, scene, seats.clone(), of_a_write, marks).await;
        served.stop().await;
        bare.push(run::bare(scene, seats, &outcome.report.kept).await);
        ours.push(outcome);
        let of_each = start.elapsed().div_f64(round as f64);
        if start.elapsed() + of_each > A_ROUND.mul_f64(rounds as f64) {
            break;
        }
    }
    print(&ours, &bare);
    println!("  {} of {rounds} rounds took {:.0} s", ours.len(), start.elapsed().as_secs_f64());
}

fn print(ours: &[Outcome], bare: &[Outcome]) {
    let of = |runs: &[Outcome], figure: fn(&Outcome) -> f64| median(runs.iter().map(figure));
    let both = |figure: fn(&Outcome) -> f64| (of(ours, figure), of(bare, figure));
    print_cpu("CPU a fragment", both(|it| it.cpu - it.of_writes - it.at_rest));
    print_cpu("with beats", both(|it| it.cpu - it.of_writes));
    print_cpu("with the writes too", both(|it| it.cpu));
    let commit = of(ours, |it| it.commit);
    let spread = |runs: &[Outcome], of: fn(&Outcome) -> Spread| {
        Spread::median(&runs.iter().map(of).collect::<Vec<_>>())
    };
    let limit = spread(bare, |it| it.since_answer);
    println!("  the commit        {commit:.2} ms");
    print_spread("since the answer", spread(ours, |it| it.since_answer));
    print_spread("since it was asked", spread(ours, |it| it.since_asked));
    print_spread("bare", limit);
    let allowed = |bare: f64| TIME * bare + commit;
    println!(
        "  {:<20}p50 {:>7.2}   p95 {:>7.2}",
        "at most",
        allowed(limit.p50),
        allowed(limit.p95)
    );
    let (memory, of_bare) = both(|it| it.memory);
    println!(
        "  memory a watcher  ours {memory:.1} KiB, bare {of_bare:.1} KiB; at most {MEMORY} KiB"
    );
    let least = |runs: &[Outcome]| runs.iter().map(|it| it.delivered).fold(100.0, f64::min);
    println!("  delivered         ours {:.2} %, bare {:.2} %", least(ours), least(bare));
    let (gathered, of_bare) = both(|it| it.gathered_in);
    let (load, load_of_bare) = both(|it| it.load);
    println!(
        "  beside            all watched after {gathered:.1} s, bare {of_bare:.1} s; the watchers took \
         {load:.2} processors, bare {load_of_bare:.2}"
    );
    print_mishaps(ours);
    print_mishaps(bare);
}

fn print_cpu(name: &str, (ours, bare): (f64, f64)) {
    let times = ours / bare;
    println!("  {name:<20}ours {ours:.2} µs, bare {bare:.2} µs: {times:.2} times, at most {CPU}");
}

fn print_spread(name: &str, Spread { p50, p95, p99 }: Spread) {
    println!("  {name:<20}p50 {p50:>7.2}   p95 {p95:>7.2}   p99 {p99:>7.2} ms");
}

fn print_mishaps(runs: &[Outcome]) {
    let failures: u64 = runs.iter().map(|run| run.report.failures).sum();
    let refreshes: u64 = runs.iter().map(|run| run.report.refreshes).sum();
    if failures + refreshes > 0 {
        println!("  {failures} sockets failed, {refreshes} fragments asked to load anew");
    }
}

/// Runs a scene in which every watcher is cut, and prints what was delivered in the end.
pub(super) async fn cut(dataset: &Dataset, scene: &Scene, marks: &mut u32) {
    let Cuts { every, away, .. } = scene.cuts;
    println!("\n{} watchers of one board, each cut for {away:?} every {every:?}", scene.watchers);
    let served = Served::start(dataset).await;
    let seats = served.seats(&scene.boards, scene.watchers).await;
    let outcome = run::ours(&served, scene, seats, 0.0, marks).await;
    served.stop().await;
    println!(
        "  delivered         {:.2} % of {} events after {} cuts, in {} fragments",
        outcome.delivered, scene.events, outcome.report.cuts, outcome.report.fragments
    );
    print_spread("since the answer", outcome.since_answer);
    print_mishaps(&[outcome]);
}
