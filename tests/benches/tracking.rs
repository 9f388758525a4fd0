//! What browsers report: how many a second are taken and what that costs others, beside bare handlers,
//! a bare loop and COPY, and insights over millions; `cargo bench --bench tracking -- rounds=1 events=0`.

#[path = "measuring/again.rs"]
mod again;
#[path = "tracking/bare.rs"]
mod bare;
#[path = "tracking/dataset.rs"]
mod dataset;
#[path = "tracking/events.rs"]
mod events;
#[path = "measuring/figures.rs"]
mod figures;
#[path = "tracking/flood.rs"]
mod flood;
#[path = "tracking/history.rs"]
mod history;
#[path = "tracking/ingest.rs"]
mod ingest;
#[path = "tracking/insights.rs"]
mod insights;
#[path = "tracking/load.rs"]
mod load;
#[path = "tracking/neighbours.rs"]
mod neighbours;
#[path = "tracking/opener.rs"]
mod opener;
#[path = "tracking/people.rs"]
mod people;
#[expect(dead_code, reason = "shared with the bench of live pages, which uses more of it")]
#[path = "measuring/process.rs"]
mod process;
#[path = "tracking/rows.rs"]
mod rows;
#[path = "tracking/served.rs"]
mod served;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;
#[path = "tracking/statements.rs"]
mod statements;
#[path = "tracking/strangers.rs"]
mod strangers;

use std::path::Path;
use std::time::Instant;

use cairn::db::embedded::{Cluster, Settings};

use self::dataset::Dataset;

/// The program's own allocator, so that the bare handlers have it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much there is to do, unless the command line says otherwise.
struct Sizes {
    rounds: usize,
    /// How many events the insights are over.
    events: i64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(load::REPORT) => load::run(),
        Some(opener::OPEN) => opener::run(),
        Some(flood::FLOOD) => flood::run(),
        Some(rows::ROWS) => rows::run(),
        Some(served::EARLY) => served::run(),
        Some(word @ (bare::COMMIT | bare::NOTHING)) => bare::run(word),
        _ => {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(bench(&sizes(&arguments)));
        }
    }
}

fn sizes(arguments: &[String]) -> Sizes {
    let mut sizes = Sizes { rounds: 5, events: 5_000_000 };
    for argument in arguments {
        let (name, figure) = argument.split_once('=').expect("name=figure");
        let figure: i64 = figure.parse().expect("a figure");
        match name {
            "rounds" => sizes.rounds = usize::try_from(figure).expect("a count"),
            "events" => sizes.events = figure,
            _ => panic!("{name} is neither rounds nor events"),
        }
    }
    sizes
}

async fn bench(sizes: &Sizes) {
    let start = Instant::now();
    let cluster = cluster().await;
    if sizes.rounds > 0 {
        let dataset = Dataset::new(&cluster).await;
        ingest::show_single(&dataset, sizes.rounds).await;
        ingest::show_batches(&dataset, sizes.rounds).await;
        neighbours::show(&dataset, sizes.rounds).await;
        strangers::show(&dataset, sizes.rounds).await;
    }
    if sizes.events > 0 {
        insights::show(&cluster, sizes.events).await;
    }
    cluster.stop().await.expect("the cluster stops");
    println!("\nall of it took {:.0} s", start.elapsed().as_secs_f64());
}

/// A Postgres that is kept between runs, with the history in it, as durable as it is for everybody.
async fn cluster() -> Cluster {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-tracking");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = [
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=1GB",
        "max_wal_size=4GB",
        "logging_collector=on",
        "log_destination=jsonlog",
        "log_directory=log",
        "log_rotation_size=0",
        "jit=off",
    ];
    let options = options.map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: true, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    cluster
}
