//! What the page of insights costs over millions of events: each of its statements, and all of it.

use std::time::Duration;

use cairn::db::embedded::Cluster;

use super::dataset::SLUG;
use super::history::History;
use super::opener::Opening;
use super::served::Served;
use super::statements::{self, Statement};

/// The most milliseconds of a statement, and of the page.
const TARGETS: [f64; 2] = [10.0, 50.0];

/// How often a page is opened.
const VISITS: usize = 60;

/// How much of a statement is printed.
const SHOWN: usize = 72;

/// Opens the page in some of its forms, and prints what each statement took.
pub(super) async fn show(cluster: &Cluster, events: i64) {
    let history = History::of(cluster, events).await;
    println!("\ninsights over {events} events, each page {VISITS} times");
    let served = Served::start(&history.url).await;
    let forms = [
        ("30 days", String::new()),
        ("90 days", "?days=90".to_owned()),
        ("a board", format!("?board_id={}", history.board)),
        ("a person", format!("?person_id={}", history.person)),
        ("a table, 90 days", "/csv?days=90&table=cards".to_owned()),
        ("now", "/now".to_owned()),
    ];
    let (mut slowest_statement, mut slowest_page) = (0.0, 0.0);
    for (name, form) in forms {
        let (page, statements) = open(&history, &served, &form).await;
        print(name, page, &statements);
        slowest_statement = statements.iter().map(|it| it.mean).fold(slowest_statement, f64::max);
        slowest_page = f64::max(slowest_page, page);
    }
    served.stop().await;
    println!("  slowest statement     {slowest_statement:.2} ms, at most {}", TARGETS[0]);
    println!("  slowest page          {slowest_page:.2} ms, at most {}", TARGETS[1]);
}

/// The median time of the page, and its statements, the slowest first.
async fn open(history: &History, served: &Served, form: &str) -> (f64, Vec<Statement>) {
    let opening = Opening {
        address: served.address().trim_start_matches("http://").to_owned(),
        cookie: history.owner.cookie.clone(),
        path: format!("/{SLUG}/insights{form}"),
        times: VISITS,
        every: Duration::from_millis(5),
    };
    // Each connection plans a statement anew a few times before it settles.
    opening.run().await;
    statements::forget(&history.pool).await;
    let page = opening.run().await.p50;
    let often = i64::try_from(VISITS).expect("a count") * 9 / 10;
    (page, statements::since(&history.pool, often).await)
}

fn print(name: &str, page: f64, statements: &[Statement]) {
    let sum: f64 =
        statements.iter().map(|it| it.mean * (it.calls as f64 / VISITS as f64).floor()).sum();
    println!(
        "  {name:<22}the page {page:.2} ms; {} statements, together {sum:.2} ms",
        statements.len()
    );
    for Statement { sql, mean, .. } in statements.iter().filter(|it| it.mean >= 0.5) {
        let words: Vec<&str> = sql.split_whitespace().collect();
        let shown: String = words.join(" ").chars().take(SHOWN).collect();
        println!("    {mean:>8.2} ms  {shown}");
    }
}
