//! The limits of batches: a process that runs the very statement again and again over one connection,
//! and one that copies the same rows into the table and counts nothing.

use std::fmt::Write as _;
use std::time::Instant;

use cairn::db;
use cairn::values::clock;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::again::Again;
use super::dataset::Dataset;
use super::events::{Event, Things};

/// The word that makes this binary the loop.
pub(super) const ROWS: &str = "rows";

/// The statement of the program.
const STATEMENT: &str = include_str!("../../../src/tracking/store.sql");

/// The columns that are copied.
const COLUMNS: &str =
    "account_id, id, user_id, event_type, trackable_type, trackable_id, board_id, url,
                       occurred_at, day, hour, created_at";

#[derive(Serialize, Deserialize)]
struct Orders {
    url: String,
    account: Uuid,
    users: Vec<Uuid>,
    things: Things,
    rows: usize,
    at_once: usize,
    copies: bool,
}

/// Has a process store so many rows, so many at once; how many a second that was.
pub(super) async fn rate(dataset: &Dataset, rows: usize, at_once: usize, copies: bool) -> f64 {
    let orders = Orders {
        url: dataset.url_with(""),
        account: dataset.account,
        users: dataset.people.iter().map(|browser| browser.user).collect(),
        things: dataset.things.clone(),
        rows,
        at_once,
        copies,
    };
    let mut process = Again::start(ROWS);
    process.tell(&json!(orders).to_string()).await;
    process.hear().await.parse().expect("a figure")
}

/// The process itself.
pub(super) fn run() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let orders: Orders = serde_json::from_str(&line).expect("orders");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{}", runtime.block_on(store(&orders)));
}

async fn store(orders: &Orders) -> f64 {
    let pool: PgPool = db::connect(&orders.url, 1).await.expect("the database");
    let mut connection = pool.acquire().await.expect("a connection");
    let batches = orders.rows / orders.at_once;
    // The rows are there before the clock runs: what making them costs is no part of the limit.
    let batches: Vec<Batch> = (0..batches).map(|number| Batch::new(orders, number)).collect();
    let start = Instant::now();
    for batch in &batches {
        match orders.copies {
            true => batch.copy(&mut connection).await,
            false => batch.insert(&mut connection).await,
        }
    }
    orders.rows as f64 / start.elapsed().as_secs_f64()
}

/// Rows that are stored at once.
struct Batch {
    accounts: Vec<Uuid>,
    users: Vec<Uuid>,
    events: Vec<Event>,
    text: String,
}

impl Batch {
    fn new(orders: &Orders, number: usize) -> Self {
        let Orders { account, things, at_once, .. } = orders;
        let turns = (number * at_once)..(number + 1) * at_once;
        let user = |turn: usize| orders.users[turn / 20 % orders.users.len()];
        let mut batch = Self {
            accounts: vec![*account; *at_once],
            users: turns.clone().map(user).collect(),
            events: turns.map(|turn| Event::of(turn, things)).collect(),
            text: String::new(),
        };
        batch.text = if orders.copies { batch.lines() } else { String::new() };
        batch
    }

    async fn insert(&self, connection: &mut PgConnection) {
        let thing = |event: &Event| event.thing.map(|(kind, id, _)| (kind, id));
        let of = |value: fn(&Event) -> Uuid| self.events.iter().map(value).collect::<Vec<_>>();
        let types: Vec<&str> = self.events.iter().map(|event| event.event_type).collect();
        let kinds: Vec<Option<&str>> =
            self.events.iter().map(|event| thing(event).map(|(kind, _)| kind)).collect();
        let things: Vec<Option<Uuid>> =
            self.events.iter().map(|event| thing(event).map(|(_, id)| id)).collect();
        let urls: Vec<&str> = self.events.iter().map(|event| event.url.as_str()).collect();
        let times: Vec<_> = self.events.iter().map(|event| event.occurred_at).collect();
        let unseen = sqlx::query_scalar::<_, i64>(STATEMENT)
            .bind(&self.accounts)
            .bind(of(|event| event.id))
            .bind(&self.users)
            .bind(vec!["UTC"; self.events.len()])
            .bind(vec![None::<&str>; self.events.len()])
            .bind(types)
            .bind(kinds)
            .bind(things)
            .bind(urls)
            .bind(times)
            .bind(clock::now());
        let unseen = unseen.fetch_all(connection).await.expect("rows that fit");
        assert!(unseen.is_empty(), "everybody sees what they report");
    }

    async fn copy(&self, connection: &mut PgConnection) {
        let copy = format!("copy tracking_events ({COLUMNS}) from stdin");
        let mut copying = connection.copy_in_raw(&copy).await.expect("a copy");
        copying.send(self.text.as_bytes()).await.expect("rows");
        copying.finish().await.expect("rows that fit");
    }

    /// The rows in the text form of COPY.
    fn lines(&self) -> String {
        let mut text = String::new();
        for ((account, user), event) in self.accounts.iter().zip(&self.users).zip(&self.events) {
            let Event { id, event_type, url, occurred_at: at, .. } = event;
            let thing = event.thing.map_or_else(
                || "\\N\t\\N\t\\N".to_owned(),
                |(kind, id, board)| format!("{kind}\t{id}\t{board}"),
            );
            let (day, hour) = (at.date(), at.hour());
            writeln!(
                text,
                "{account}\t{id}\t{user}\t{event_type}\t{thing}\t{url}\t{at}\t{day}\t{hour}\t{at}"
            )
            .expect("text");
        }
        text
    }
}
