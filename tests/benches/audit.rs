//! What looking back costs: a board as it was a hundred thousand events ago.

#[path = "audit/as_it_was.rs"]
mod as_it_was;
#[path = "audit/busy_board.rs"]
mod busy_board;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/client.rs"]
mod client;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;

use std::path::Path;

use cairn::db::embedded::{Cluster, Settings};

#[tokio::main]
async fn main() {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-audit");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = ["shared_buffers=1GB", "max_wal_size=8GB", "jit=off"].map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: false, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    as_it_was::run(&cluster).await;
    cluster.stop().await.expect("the cluster stops");
}
