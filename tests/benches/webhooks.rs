//! Deliveries a second and what each costs, beside a bare reqwest loop that posts the same bytes to
//! the same sink; `cargo bench --bench webhooks -- rounds=1 backlog=0`.

#[expect(dead_code, reason = "shared with the bench of live pages, which uses more of it")]
#[path = "measuring/again.rs"]
mod again;
#[path = "webhooks/bare.rs"]
mod bare;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/client.rs"]
mod client;
#[path = "webhooks/dataset.rs"]
mod dataset;
#[path = "measuring/figures.rs"]
mod figures;
#[path = "webhooks/idle.rs"]
mod idle;
#[path = "webhooks/neighbours.rs"]
mod neighbours;
#[path = "webhooks/postgres.rs"]
mod postgres;
#[expect(dead_code, reason = "shared with the bench of live pages, which uses more of it")]
#[path = "measuring/process.rs"]
mod process;
#[path = "webhooks/served.rs"]
mod served;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;
#[path = "webhooks/sink.rs"]
mod sink;
#[path = "webhooks/throughput.rs"]
mod throughput;

use std::path::Path;
use std::time::Instant;

use cairn::db::embedded::{Cluster, Settings};

use self::sink::Sink;
use self::throughput::Scene;

/// What is sent over how many endpoints, and three times what Svix reaches on such a machine.
const SCENES: [Scene; 3] = [
    Scene { endpoints: 1, events: 12_000, target: 3_087.0 },
    Scene { endpoints: 10, events: 3_000, target: 9_867.0 },
    Scene { endpoints: 200, events: 150, target: 5_000.0 },
];

/// How much there is to do, unless the command line says otherwise.
struct Sizes {
    rounds: usize,
    /// How many deliveries wait in the scene with a long backlog.
    backlog: i64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(sink::SINK) => sink::run(),
        Some(bare::BARE) => bare::run(),
        _ => {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(bench(&sizes(&arguments)));
        }
    }
}

fn sizes(arguments: &[String]) -> Sizes {
    let mut sizes = Sizes { rounds: 3, backlog: 1_000_000 };
    for argument in arguments {
        let (name, figure) = argument.split_once('=').expect("name=figure");
        let figure: i64 = figure.parse().expect("a figure");
        match name {
            "rounds" => sizes.rounds = usize::try_from(figure).expect("a count"),
            "backlog" => sizes.backlog = figure,
            _ => panic!("{name} is neither rounds nor backlog"),
        }
    }
    sizes
}

async fn bench(sizes: &Sizes) {
    let start = Instant::now();
    let cluster = cluster().await;
    let mut sink = Sink::start().await;
    for scene in SCENES.iter().filter(|_| sizes.rounds > 0) {
        throughput::show(&cluster, &mut sink, scene, sizes.rounds).await;
    }
    idle::show(&cluster, &mut sink).await;
    neighbours::show(&cluster, &mut sink).await;
    if sizes.backlog > 0 {
        throughput::show_backlog(&cluster, &mut sink, sizes.backlog).await;
    }
    cluster.stop().await.expect("the cluster stops");
    println!("\nall of it took {:.0} s", start.elapsed().as_secs_f64());
}

/// A Postgres of its own, as durable as it is for everybody.
async fn cluster() -> Cluster {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-webhooks");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = [
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=512MB",
        "max_wal_size=4GB",
        "jit=off",
    ];
    let options = options.map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: true, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    cluster
}
