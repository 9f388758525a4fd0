//! A page of fifty lines of a feed, busy and quiet, small and large, beside a bare axum handler that
//! runs the same SQL and sends the same bytes; `cargo bench --bench feed -- 10000 5000000`.

#[path = "feed/bare.rs"]
mod bare;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/client.rs"]
mod client;
#[path = "feed/dataset.rs"]
mod dataset;
#[path = "feed/load.rs"]
mod load;
#[path = "feed/multiplied.rs"]
mod multiplied;
#[path = "feed/served.rs"]
mod served;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;
#[path = "feed/statements.rs"]
mod statements;

use std::path::Path;

use cairn::db::embedded::{Cluster, Settings};

use self::bare::Recorded;
use self::dataset::Dataset;
use self::load::Load;
use self::served::Served;
use self::statements::Cost;

/// How many activities there are, unless the command line says.
const SIZES: [i64; 2] = [10_000, 5_000_000];

/// How often a page is opened to learn what its statements cost.
const VISITS: u32 = 200;

/// How many pages the cold run opens, each once.
const COLD_PAGES: usize = 1_500;

/// Runs of ours and of the limit, by turns; the median counts.
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let Some(load) = Load::asked(&arguments) {
        return load.drive();
    }
    let given: Vec<i64> = arguments.iter().filter_map(|size| size.parse().ok()).collect();
    let sizes = if given.is_empty() { SIZES.to_vec() } else { given };
    let cluster = cluster().await;
    let mut costs = Vec::new();
    for size in &sizes {
        let dataset = Dataset::of(&cluster, *size).await;
        costs.extend(cost_of_pages(&dataset).await);
    }
    print_costs(&costs);
    let largest = sizes.iter().max().expect("a size");
    compare(&Dataset::of(&cluster, *largest).await).await;
    cluster.stop().await.expect("the cluster stops");
}

/// A Postgres that is kept between runs, with the data sets in it.
async fn cluster() -> Cluster {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-feed");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = [
        "shared_preload_libraries=pg_stat_statements",
        "pg_stat_statements.track_planning=on",
        "shared_buffers=1GB",
        "max_wal_size=8GB",
        "logging_collector=on",
        "log_destination=jsonlog",
        "log_directory=log",
        "log_rotation_size=0",
        "jit=off",
    ];
    let options = options.map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: false, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    cluster
}

/// What each sort of page costs Postgres, and how long it takes.
async fn cost_of_pages(dataset: &Dataset) -> Vec<Cost> {
    let mut served = Served::start(dataset, "").await;
    let mut costs = Vec::new();
    for (name, path) in dataset.pages() {
        costs.push(statements::cost(dataset, &served, name, &path, VISITS).await);
    }
    served.stop().await;
    costs
}

fn print_costs(costs: &[Cost]) {
    println!(
        "{:<28}{:>12}{:>14}{:>12}{:>12}",
        "a page of 50", "activities", "statements", "SQL ms", "page ms"
    );
    for cost in costs {
        println!(
            "{:<28}{:>12}{:>14}{:>12.3}{:>12.2}",
            cost.page, cost.activities, cost.statements, cost.sql, cost.page_time
        );
    }
    let spread = |figure: fn(&Cost) -> f64| {
        let figures = costs.iter().map(figure);
        figures.clone().fold(0.0, f64::max) / figures.fold(f64::INFINITY, f64::min)
    };
    println!(
        "slowest to fastest: SQL {:.2}, page {:.2}",
        spread(|it| it.sql),
        spread(|it| it.page_time)
    );
}

/// Requests a second of ours and of the bare handler, warm and cold.
async fn compare(dataset: &Dataset) {
    let warm = vec![dataset.pages()[0].1.clone()];
    let cold = dataset.older_pages(COLD_PAGES);
    println!(
        "{:<28}{:>12}{:>12}{:>8}{:>14}{:>14}",
        "requests a second", "ours", "bare", "ratio", "ours CPU ms", "bare CPU ms"
    );
    for (name, paths, once) in [("warm", warm, false), ("cold", cold, true)] {
        let recorded = Recorded::of(dataset, &paths).await;
        let bare = recorded.serve(dataset).await;
        let (mut ours, mut limit) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            // A new process has no event in its cache.
            let mut served = Served::start(dataset, "").await;
            ours.push(served.load(&paths, once).await);
            served.stop().await;
            limit.push(bare.load(once).await);
        }
        let (ours, limit) = (load::median(ours), load::median(limit));
        println!(
            "{name:<28}{:>12.0}{:>12.0}{:>8.2}{:>14.2}{:>14.2}",
            ours.rate,
            limit.rate,
            ours.rate / limit.rate,
            ours.cpu,
            limit.cpu
        );
    }
}
