//! Pages of the audit, narrowed to what is common, to what is rare, and to what an index knows nothing of.

use std::time::Instant;

use super::dataset::Dataset;
use super::figures::median;
use super::served::Served;

/// How often each is opened.
const VISITS: usize = 15;

/// What is asked for, by name.
const PAGES: [(&str, &str); 8] = [
    ("everything", "audit"),
    ("a kind", "audit?kind=card.moved"),
    ("a kind that is rare", "audit?kind=member.joined"),
    ("a card", "audit?card=7"),
    ("a card and a kind", "audit?card=7&kind=comment.*"),
    ("a card and a rare kind", "audit?card=7&kind=card.added"),
    ("a network", "audit?address=10.0.0.0/8"),
    ("an address of long ago", "audit?address=203.0.113.7"),
];

pub(super) async fn show(dataset: &Dataset) {
    let mut served = Served::start(dataset).await;
    println!("\n{:<26}{:>12}{:>10}{:>10}", "a page of the audit", "entries", "shown", "ms");
    for (name, path) in PAGES {
        let (mut times, mut shown) = (Vec::new(), 0);
        for _ in 0..VISITS {
            let start = Instant::now();
            let answer = served.request(path).send().await.expect("an answer");
            assert_eq!(answer.status(), 200, "{path}");
            let page = answer.text().await.expect("a page");
            times.push(start.elapsed().as_secs_f64() * 1e3);
            shown = page.matches(" id=\"entry_").count();
        }
        println!("{name:<26}{:>12}{shown:>10}{:>10.1}", dataset.entries(), median(times));
    }
    served.stop().await;
}
