//! Watchers of one board and of very many, beside a bare axum WebSocket loop that broadcasts the
//! same bytes; `cargo bench --bench live -- rounds=1 watchers=100,1000 boards=100 cut=0 idle=0`.

#[path = "measuring/again.rs"]
mod again;
#[path = "live/arguments.rs"]
mod arguments;
#[path = "live/bare.rs"]
mod bare;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/client.rs"]
mod client;
#[path = "live/comparison.rs"]
mod comparison;
#[path = "live/dataset.rs"]
mod dataset;
#[path = "measuring/figures.rs"]
mod figures;
#[path = "live/idle.rs"]
mod idle;
#[path = "live/load.rs"]
mod load;
#[path = "live/marks.rs"]
mod marks;
#[path = "measuring/process.rs"]
mod process;
#[path = "live/run.rs"]
mod run;
#[path = "live/served.rs"]
mod served;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;
#[path = "live/socket.rs"]
mod socket;
#[path = "live/watchers.rs"]
mod watchers;

use std::path::Path;
use std::time::{Duration, Instant};

use cairn::db::embedded::{Cluster, Settings};

use self::arguments::Sizes;
use self::dataset::Dataset;
use self::run::Scene;
use self::watchers::Cuts;

/// The program's own allocator, so that the bare loop has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Five events a second.
const PACE: Duration = Duration::from_millis(200);

/// Events of a run with watchers of one board.
const EVENTS: u32 = 20;

/// Fifty events a second over all boards: each is told to a few.
const PACE_OF_MANY: Duration = Duration::from_millis(20);

const EVENTS_OF_MANY: u32 = 200;

const WATCHERS_OF_A_BOARD: usize = 5;

/// The last socket is back some seconds before the last event.
const CUTS: Cuts = Cuts { times: 2, every: Duration::from_secs(15), away: Duration::from_secs(2) };

const EVENTS_WITH_CUTS: u32 = 180;

fn main() {
    process::raise_open_files();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(load::WATCH) => watchers::run(),
        Some(bare::BARE) => bare::run(),
        _ => {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(bench(&Sizes::of(&arguments)));
        }
    }
}

async fn bench(sizes: &Sizes) {
    let start = Instant::now();
    let cluster = cluster().await;
    let sockets = sizes.most_sockets(WATCHERS_OF_A_BOARD);
    let dataset = Dataset::new(&cluster, sizes.boards, sockets).await;
    println!("the data set took {:.0} s", start.elapsed().as_secs_f64());
    let mut marks = 0;
    for watchers in &sizes.watchers {
        let scene = Scene { watchers: *watchers, ..one_board() };
        let title = format!("{watchers} watchers of one board, 5 events a second");
        comparison::compare(&title, &dataset, &scene, sizes.rounds, &mut marks).await;
    }
    if sizes.boards > 0 {
        let title = format!(
            "{} boards with {WATCHERS_OF_A_BOARD} watchers each, 50 events a second over all",
            sizes.boards
        );
        let scene = many_boards(sizes.boards);
        comparison::compare(&title, &dataset, &scene, sizes.rounds, &mut marks).await;
    }
    if sizes.cut > 0 {
        let (watchers, events) = (sizes.cut, EVENTS_WITH_CUTS);
        let scene = Scene { watchers, events, cuts: CUTS, ..one_board() };
        comparison::cut(&dataset, &scene, &mut marks).await;
    }
    if sizes.idle > 0 {
        idle::show(&dataset, sizes.idle, &mut marks).await;
    }
    cluster.stop().await.expect("the cluster stops");
    println!("\nall of it took {:.0} s", start.elapsed().as_secs_f64());
}

/// The busy board, watched by nobody yet.
fn one_board() -> Scene {
    let cuts = Cuts::default();
    Scene { boards: vec![0], watchers: 0, events: EVENTS, pace: PACE, cuts }
}

fn many_boards(boards: usize) -> Scene {
    Scene {
        boards: (1..=boards).collect(),
        watchers: WATCHERS_OF_A_BOARD,
        events: EVENTS_OF_MANY,
        pace: PACE_OF_MANY,
        cuts: Cuts::default(),
    }
}

/// A Postgres of its own; how fast its disk is does not matter here.
async fn cluster() -> Cluster {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-live");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = ["shared_buffers=256MB", "jit=off"].map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: false, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    cluster
}
