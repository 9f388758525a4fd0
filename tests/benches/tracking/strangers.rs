//! What others wait for, their board and their reports, while one person floods and sends bad bodies.

use std::time::Duration;

use super::dataset::{Dataset, SLUG};
use super::figures::{Spread, median};
use super::flood::{Answers, BAD_EVERY, Flood};
use super::load::{Load, Reported};
use super::opener::Opening;
use super::served::Served;

/// Reports of others a second.
const PACE: f64 = 200.0;

const CLIENTS: usize = 64;

/// Pages of a run, and from one to the next.
const PAGES: usize = 300;
const EVERY: Duration = Duration::from_millis(20);

/// From one request of whoever floods to the next: so many a second come to a hundred times what a person
/// may report.
const FLOOD_EVERY: Duration = Duration::from_millis(1);

/// What others waited for in a run.
struct Waited {
    pages: Spread,
    reported: Reported,
}

/// Quiet and flooded by turns, over one server.
pub(super) async fn show(dataset: &Dataset, rounds: usize) {
    let (flood, bad) = (1_000 / FLOOD_EVERY.as_millis(), 1_000.0 / BAD_EVERY as f64);
    println!(
        "\nothers’ board page and {PACE} of their reports a second, while one person sends {flood} \
         requests a second, {bad} of them of 10 MiB, 10,000 items or with a NUL"
    );
    let served = Served::start(&dataset.url_with("")).await;
    let (mut quiet, mut flooded, mut answers) = (Vec::new(), Vec::new(), Answers::new());
    for round in 0..2 * rounds {
        // Which one is first turns: quiet, flooded, flooded, quiet.
        match round % 4 == 0 || round % 4 == 3 {
            true => quiet.push(wait(&served, dataset).await),
            false => {
                let flood = flood_of(&served, dataset);
                let (waited, answered) = tokio::join!(wait(&served, dataset), flood.run());
                flooded.push(waited);
                for (status, count) in answered {
                    *answers.entry(status).or_default() += count;
                }
            }
        }
    }
    served.stop().await;
    print(&quiet, &flooded, &answers);
}

async fn wait(served: &Served, dataset: &Dataset) -> Waited {
    let seconds = EVERY.as_secs_f64() * PAGES as f64;
    let requests = (PACE * seconds / CLIENTS as f64) as usize;
    let (batch, pace, is_private) = (1, Some(PACE), false);
    let load = Load { clients: CLIENTS, requests, batch, pace, is_private };
    let opening = Opening {
        address: served.address().trim_start_matches("http://").to_owned(),
        cookie: dataset.people[0].cookie.clone(),
        path: format!("/{SLUG}/boards/{}", dataset.things.0[0].0),
        times: PAGES,
        every: EVERY,
    };
    // Whoever floods is none of them.
    let reporting = load.run(served.address(), &dataset.people[2..], &dataset.things);
    let (pages, reported) = tokio::join!(opening.run(), reporting);
    Waited { pages, reported }
}

fn flood_of(served: &Served, dataset: &Dataset) -> Flood {
    Flood {
        address: served.address().trim_start_matches("http://").to_owned(),
        person: dataset.people[1].clone(),
        things: dataset.things.clone(),
        lasts: EVERY * u32::try_from(PAGES).expect("few"),
        every: FLOOD_EVERY,
    }
}

fn print(quiet: &[Waited], flooded: &[Waited], answers: &Answers) {
    let of = |runs: &[Waited], figure: fn(&Waited) -> f64| median(runs.iter().map(figure));
    let compare = |name: &str, figure: fn(&Waited) -> f64| {
        let (quiet, flooded) = (of(quiet, figure), of(flooded, figure));
        let times = flooded / quiet;
        println!("  {name:<22}{quiet:>6.2} ms quiet, {flooded:>6.2} ms flooded: {times:.2} times");
    };
    compare("the page’s p50", |it| it.pages.p50);
    compare("the page’s p99", |it| it.pages.p99);
    compare("a report’s p50", |it| it.reported.p50);
    compare("a report’s p99", |it| it.reported.p99);
    let answers: Vec<String> =
        answers.iter().map(|(status, count)| format!("{status}: {count}")).collect();
    println!("  whoever floods was answered {}", answers.join(", "));
}
