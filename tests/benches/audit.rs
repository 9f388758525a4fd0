//! The audit: exporting a million entries, finding few among them, the chain over them, and a board as it
//! was; a scene by its name, such as `cargo bench --bench audit -- export entries=1000000`.

#[path = "audit/as_it_was.rs"]
mod as_it_was;
#[path = "audit/busy_board.rs"]
mod busy_board;
#[path = "audit/chain.rs"]
mod chain;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/client.rs"]
mod client;
#[path = "audit/dataset.rs"]
mod dataset;
#[path = "audit/export.rs"]
mod export;
#[expect(dead_code, reason = "shared with the bench of feeds, which uses more of it")]
#[path = "feed/dataset.rs"]
mod feed;
#[path = "measuring/figures.rs"]
#[expect(dead_code, reason = "shared with the bench of live pages, which uses more of it")]
mod figures;
#[path = "feed/multiplied.rs"]
mod multiplied;
#[path = "audit/pages.rs"]
mod pages;
#[path = "audit/served.rs"]
mod served;
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use more of it")]
#[path = "../app/support/server.rs"]
mod server;

use self::dataset::Dataset;

/// How many entries there are, unless the command line says.
const ENTRIES: i64 = 1_000_000;

/// The scenes over many entries, by their names; with the board as it was, all are shown if none is named.
const SCENES: [&str; 3] = ["export", "pages", "chain"];

/// The scene of a board as it was.
const AS_IT_WAS: &str = "as-it-was";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let given = arguments.iter().find_map(|it| it.strip_prefix("entries="));
    let entries = given.map_or(ENTRIES, |figure| figure.parse().expect("a figure"));
    let named = |scene: &str| arguments.iter().any(|argument| argument == scene);
    let all = !SCENES.into_iter().chain([AS_IT_WAS]).any(named);
    let cluster = dataset::cluster().await;
    if all || SCENES.into_iter().any(named) {
        let dataset = Dataset::of(&cluster, entries).await;
        if all || named("export") {
            export::show(&dataset).await;
        }
        if all || named("pages") {
            pages::show(&dataset).await;
        }
        if all || named("chain") {
            chain::show(&dataset).await;
        }
    }
    if all || named(AS_IT_WAS) {
        as_it_was::run(&cluster).await;
    }
    cluster.stop().await.expect("the cluster stops");
}
