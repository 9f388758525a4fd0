//! A board of 500 cards as it was 100,000 events ago: rebuilt, as a page, and without checkpoints.

use std::time::Instant;

use cairn::db::embedded::Cluster;
use cairn::domain::boards;
use cairn::events::{Log, Rebuilding, checkpoints};
use reqwest::Method;

use super::busy_board::{BusyBoard, EMAIL, EVENTS, PASSWORD};
use super::client::Client;
use super::server::{self, SECRET_KEY, Server};

/// How far back the points are that are asked for.
const AGO: i64 = 100_000;

/// So many points, none of which is near another.
const POINTS: i64 = 60;

/// From one point to the next: no checkpoint serves two of them, and each lies elsewhere in its
/// thousand.
const STRIDE: i64 = 1_117;

/// Steps from one change to the next, as somebody does who holds a key.
const STEPS: i64 = 100;

/// Measures all of it and prints the figures.
pub(super) async fn run(cluster: &Cluster) {
    let board = BusyBoard::of(cluster).await;
    keep(&board).await;
    println!("{:<44}{:>10}{:>10}{:>10}", "a board of 500 cards, ms", "p50", "p95", "worst");
    rebuild(&board).await;
    serve(&board).await;
    without_checkpoints(&board).await;
}

/// The points of the past that are asked for.
fn points() -> impl Iterator<Item = i64> {
    (0..POINTS).map(|number| EVENTS - AGO - number * STRIDE)
}

/// Makes the checkpoints, if this run is the first.
async fn keep(board: &BusyBoard) {
    let begun = Instant::now();
    let made = checkpoints::keep(board.pool(), board.owner().account.id).await;
    let (made, took) = (made.expect("checkpoints"), begun.elapsed());
    let begun = Instant::now();
    for _ in 0..100 {
        checkpoints::keep(board.pool(), board.owner().account.id).await.expect("nothing to do");
    }
    let idle = begun.elapsed() / 100;
    println!(
        "made {made} checkpoints in {took:.1?}; a look at an account without one to make: {idle:.1?}"
    );
    let query =
        "select count(*), pg_total_relation_size('board_checkpoints') from board_checkpoints";
    let (count, bytes): (i64, i64) =
        sqlx::query_as(query).fetch_one(board.pool()).await.expect("a size");
    println!("{count} checkpoints take {} KiB each", bytes / 1024 / count.max(1));
}

/// What the page is made of, by a process that has read nothing of it yet.
async fn rebuild(board: &BusyBoard) {
    let mut times = Vec::new();
    let mut connection = board.pool().acquire().await.expect("a connection");
    for at in points() {
        let log = Log::new(board.pool().clone(), Vec::new());
        let begun = Instant::now();
        let (owner, id) = (board.owner(), board.id());
        let point = boards::point(&mut connection, owner, id, &at.to_string()).await;
        let point = point.expect("a point").exactly().expect("the one that was asked for");
        let past = boards::as_it_was(&log, &mut connection, owner, id, point).await;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let cards: usize = past.expect("a board").columns.iter().map(|it| it.open.len()).sum();
        assert_eq!(cards, 500, "at {at}");
    }
    print("rebuilt, nothing read before", times);
}

/// The page over HTTP and the API's answer.
async fn serve(board: &BusyBoard) {
    let mut command = server::program();
    command.env("DATABASE_URL", board.url()).env("CAIRN_SECRET_KEY", SECRET_KEY);
    command.env("CAIRN_BIND", "127.0.0.1:0").env("RUST_LOG", "warn,sqlx=error");
    let mut server = Server::spawn(command).await;
    let client = Client::new(server.address());
    client.get("/session").await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(client.submit(Method::POST, "/session", &fields).await.status, 303);
    let path = format!("/northfold/boards/{}", board.id());
    time(&client, [path.clone()].into_iter().cycle().take(20)).await;
    let now = time(&client, [path.clone()].into_iter().cycle().take(60)).await;
    print("the page as it is now", now);
    let cold = time(&client, points().map(|at| format!("{path}?at={at}"))).await;
    print("the page as it was, nothing read before", cold);
    let from = EVENTS - AGO + 500;
    let steps = time(&client, (from..from + STEPS).map(|at| format!("{path}?at={at}"))).await;
    print("the page as it was, step by step", steps);
    server.stop().await;
}

async fn time(client: &Client, paths: impl Iterator<Item = String>) -> Vec<f64> {
    let mut times = Vec::new();
    for path in paths {
        let begun = Instant::now();
        let answer = client.get(&path).await;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer.status, 200, "{path}");
    }
    times
}

/// From the board's first event on, as a replay does it.
async fn without_checkpoints(board: &BusyBoard) {
    let log = Log::new(board.pool().clone(), Vec::new());
    let mut connection = board.pool().acquire().await.expect("a connection");
    let begun = Instant::now();
    let mut rebuilding = Rebuilding::from_nothing(board.owner().account.id, board.id());
    rebuilding.go_on(&log, &mut connection, EVENTS - AGO).await.expect("a board");
    let took = begun.elapsed().as_secs_f64();
    let rate = rebuilding.board.changes as f64 / took;
    println!(
        "from the first event on, without checkpoints: {took:.2} s, {rate:.0} events a second"
    );
}

fn print(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100) - 1];
    println!("{what:<44}{:>10.1}{:>10.1}{:>10.1}", at(50), at(95), at(100));
}
