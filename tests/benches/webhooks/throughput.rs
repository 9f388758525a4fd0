//! As many deliveries as there are, as fast as they go.

use std::time::Duration;

use cairn::db::embedded::Cluster;
use cairn::values::clock;
use sqlx::postgres::types::PgInterval;
use tokio::time::sleep;

use super::bare::{self, Limit};
use super::dataset::{BODY, Dataset};
use super::figures::median;
use super::postgres::{self, PostgresCpu};
use super::process::Cpu;
use super::served::Served;
use super::sink::{Call, Sink};

/// The most milliseconds of CPU of a delivery, server and Postgres together.
const CPU: f64 = 0.15;

/// The most statements of a delivery.
const STATEMENTS: f64 = 2.0;

/// How long a server rests after its start.
const SETTLE: Duration = Duration::from_millis(1_500);

/// How many deliveries are sent in the scenes that compare a short backlog with a long one.
const MEASURED: usize = 20_000;

/// So many events to so many endpoints.
pub(super) struct Scene {
    pub(super) endpoints: usize,
    pub(super) events: i64,
    /// Deliveries a second that there should be.
    pub(super) target: f64,
}

/// What a run has shown.
struct Outcome {
    rate: f64,
    /// Milliseconds of CPU a delivery.
    of_server: f64,
    of_postgres: f64,
    statements: f64,
}

/// Runs a scene so often beside the limit, by turns, and prints the medians.
pub(super) async fn show(cluster: &Cluster, sink: &mut Sink, scene: &Scene, rounds: usize) {
    println!("\n{} events to each of {} endpoints", scene.events, scene.endpoints);
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(run(cluster, sink, scene).await);
        let requests = scene.endpoints * usize::try_from(scene.events).expect("a count");
        limits.push(bare::limit(&sink.address, scene.endpoints, requests, BODY).await);
        sink.report().await;
    }
    print(scene, &ours, &limits);
}

fn print(scene: &Scene, ours: &[Outcome], limits: &[Limit]) {
    let of = |figure: fn(&Outcome) -> f64| median(ours.iter().map(figure));
    let (rate, server, postgres) =
        (of(|it| it.rate), of(|it| it.of_server), of(|it| it.of_postgres));
    let limit = median(limits.iter().map(|it| it.rate));
    println!(
        "  deliveries a second   {rate:.0}, at least {:.0}; bare {limit:.0}: {:.2} of it",
        scene.target,
        rate / limit
    );
    println!(
        "  CPU of a delivery     server {server:.3} + Postgres {postgres:.3} = {:.3} ms, at most \
         {CPU}; bare {:.3} ms",
        server + postgres,
        median(limits.iter().map(|it| it.cpu))
    );
    let statements = of(|it| it.statements);
    println!("  statements            {statements:.2} a delivery, at most {STATEMENTS}");
}

async fn run(cluster: &Cluster, sink: &mut Sink, scene: &Scene) -> Outcome {
    let paths: Vec<String> = (0..scene.endpoints).map(|number| number.to_string()).collect();
    let dataset = Dataset::new(cluster, &sink.address, &paths).await;
    dataset.owe(scene.events, clock::now(), at_once()).await;
    let count = scene.endpoints * usize::try_from(scene.events).expect("a count");
    let served = Served::start(&dataset).await;
    sleep(SETTLE).await;
    postgres::forget_statements(&dataset.pool).await;
    let (server, database) = (Cpu::of(served.id()), PostgresCpu::now());
    dataset.go().await;
    sink.wait_for(count).await;
    while dataset.pending().await > 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let (server, database) = (server.since(), database.since());
    let statements = postgres::statements(&dataset.pool).await;
    served.stop().await;
    let each = |seconds: f64| seconds / count as f64 * 1_000.0;
    Outcome {
        rate: rate(&sink.report().await),
        of_server: each(server),
        of_postgres: each(database),
        statements: statements / count as f64,
    }
}

/// Calls a second, from the first to the last.
fn rate(calls: &[Call]) -> f64 {
    let first = calls.iter().map(|call| call.at).min().unwrap_or(0);
    let last = calls.iter().map(|call| call.at).max().unwrap_or(0);
    calls.len() as f64 / ((last - first) as f64 / 1e9)
}

fn at_once() -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: 1 }
}

/// The same with few and with very many waiting: what claiming one costs, and how fast they go.
pub(super) async fn show_backlog(cluster: &Cluster, sink: &mut Sink, backlog: i64) {
    println!("\n{MEASURED} deliveries over 50 endpoints, of few and of {backlog} that wait");
    let mut figures = Vec::new();
    for waiting in [i64::try_from(MEASURED).expect("a count"), backlog] {
        let paths: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let dataset = Dataset::new(cluster, &sink.address, &paths).await;
        dataset.owe(waiting / 50, clock::now(), at_once()).await;
        let served = Served::start(&dataset).await;
        sleep(SETTLE).await;
        postgres::forget_statements(&dataset.pool).await;
        dataset.go().await;
        sink.wait_for(MEASURED).await;
        let claiming = postgres::claiming(&dataset.pool).await;
        served.stop().await;
        let rate = rate(&sink.report().await[..MEASURED]);
        println!("  {waiting:>9} waiting     {claiming:.4} ms to claim one, {rate:.0} a second");
        figures.push(claiming);
    }
    println!("  the claim             {:.2} times, at most 2", figures[1] / figures[0]);
}
