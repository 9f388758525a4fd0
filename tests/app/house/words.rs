//! Words that a floor never says: what they stand for is the business of another floor.

use super::source::{Source, crate_files};
use super::{expect_none, made_up};

/// Where a word must not stand in the code, where it may all the same, and why.
struct Ban {
    floors: &'static [&'static str],
    but: &'static [&'static str],
    words: &'static [&'static str],
    because: &'static str,
}

const BELOW_VIEWS: &[&str] =
    &["values", "db", "events", "domain", "mail", "webhooks", "tracking", "notifications"];

const ALL: &[&str] = &[
    "values",
    "db",
    "events",
    "domain",
    "mail",
    "webhooks",
    "tracking",
    "notifications",
    "views",
    "live",
    "web",
    "app",
    "worker",
    "config",
    "cli",
    "main",
];

const BANS: &[Ban] = &[
    Ban {
        floors: BELOW_VIEWS,
        but: &[],
        words: &["axum", "maud"],
        because: "pages and HTTP are higher floors",
    },
    Ban {
        floors: &["values"],
        but: &[],
        words: &["async", "tokio", "reqwest", "std::fs", "std::net::Tcp"],
        because: "values do no I/O",
    },
    Ban {
        floors: &["views"],
        but: &[],
        words: &["sqlx", "axum", "async"],
        because: "a view is data in, Markup out",
    },
    Ban {
        floors: &["live"],
        but: &[],
        words: &["axum"],
        because: "the wire protocols are pure state machines",
    },
    Ban {
        floors: &["web"],
        but: &[],
        words: &["sqlx::query"],
        because: "SQL lives below, with the rules it keeps",
    },
    Ban {
        floors: &["values", "events", "domain"],
        but: &[],
        words: &["StatusCode", "http::", "hyper"],
        because: "the business knows no HTTP",
    },
    Ban {
        floors: ALL,
        but: &["src/webhooks/send", "src/cli/listen"],
        words: &["reqwest"],
        because: "HTTP leaves the server from src/webhooks/send alone",
    },
];

fn complaints(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(|source| BANS.iter().flat_map(|ban| ban.broken_by(source))).collect()
}

impl Ban {
    fn broken_by(&self, source: &Source) -> Vec<String> {
        let Some(floor) = source.floor() else { return Vec::new() };
        let excepted = self.but.iter().any(|path| source.path.starts_with(path));
        if !self.floors.contains(&floor.as_str()) || excepted {
            return Vec::new();
        }
        let code = source.code();
        let lines = code.lines().enumerate();
        lines
            .flat_map(|(at, line)| self.words.iter().map(move |word| (at + 1, line, word)))
            .filter(|(_, line, word)| says(line, word))
            .map(|(at, _, word)| format!("{}:{at}: says `{word}`; {}", source.path, self.because))
            .collect()
    }
}

/// Whether the word stands there by itself, not as a part of a longer one.
fn says(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(is_word)
    })
}

/// `style=` would be blocked by the content security policy.
fn styles(sources: &[Source]) -> Vec<String> {
    let views = sources.iter().filter(|source| source.floor().as_deref() == Some("views"));
    let lines = views.flat_map(|source| {
        let text = source.code();
        let said: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| says(line, "style="))
            .map(|(at, _)| at + 1)
            .collect();
        said.into_iter().map(move |at| {
            format!(
                "{}:{at}: `style=` is blocked by the CSP; use a class or data-color",
                source.path
            )
        })
    });
    lines.collect()
}

/// Ids minted outside `views/dom.rs`: the strings there, said again elsewhere.
fn minted_elsewhere(sources: &[Source]) -> Vec<String> {
    let Some(mint) = sources.iter().find(|source| source.path == "src/views/dom.rs") else {
        return Vec::new();
    };
    let minted: Vec<String> = mint
        .strings()
        .into_iter()
        .filter_map(|(_, text)| {
            text.strip_prefix('"').map(|text| text.trim_end_matches('"').to_owned())
        })
        .filter_map(|text| {
            text.split('{')
                .next()
                .filter(|start| start.contains('_'))
                .map(|start| format!("{start}{}", if text.contains('{') { "{" } else { "" }))
        })
        .collect();
    let others = sources.iter().filter(|source| {
        source.path != mint.path
            && source
                .floor()
                .is_some_and(|floor| ["views", "live", "web"].contains(&floor.as_str()))
    });
    let mut found = Vec::new();
    for source in others {
        for (at, text) in source.strings() {
            for id in minted.iter().filter(|id| {
                text.starts_with(&format!("\"{id}"))
                    && (id.ends_with('{') || text.len() == id.len() + 2)
            }) {
                found.push(format!(
                    "{}:{at}: mints the id `{id}`; ask views::dom for it",
                    source.path
                ));
            }
        }
    }
    found
}

#[test]
fn no_floor_says_what_it_must_not_know() {
    expect_none(&complaints(&crate_files()));
}

#[test]
fn views_have_no_style_attributes() {
    expect_none(&styles(&crate_files()));
}

#[test]
fn ids_are_minted_in_one_place() {
    expect_none(&minted_elsewhere(&crate_files()));
}

#[test]
fn forbidden_words_are_found() {
    let house = made_up(&[
        ("src/domain/cards.rs", "//! axum is fine in a comment\nuse axum::Json;\nlet my_axum = 1;"),
        ("src/views/card.rs", "pub async fn card() {}\nhtml! { p style=\"color: red\" {} }"),
        ("src/web/pages/boards.rs", "let rows = sqlx::query!(\"select 1\");"),
        ("src/webhooks/send.rs", "use reqwest::Client;"),
        ("src/tracking/mod.rs", "use reqwest::Client;"),
    ]);
    let found: Vec<String> = complaints(&house)
        .iter()
        .map(|c| c.split(';').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        found,
        [
            "src/domain/cards.rs:2: says `axum`",
            "src/views/card.rs:1: says `async`",
            "src/web/pages/boards.rs:1: says `sqlx::query`",
            "src/tracking/mod.rs:1: says `reqwest`",
        ]
    );
    assert_eq!(styles(&house).len(), 1);
}

#[test]
fn an_id_minted_elsewhere_is_found() {
    let house = made_up(&[
        ("src/views/dom.rs", "format!(\"card_{number}\"); \"board_columns\""),
        ("src/views/card.rs", "format!(\"card_{}\", 1); \"card_title\"; \"board_columns\""),
    ]);
    assert_eq!(
        minted_elsewhere(&house),
        [
            "src/views/card.rs:1: mints the id `card_{`; ask views::dom for it",
            "src/views/card.rs:1: mints the id `board_columns`; ask views::dom for it",
        ]
    );
}
