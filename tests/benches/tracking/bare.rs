//! The limits: axum handlers in a process of their own, without session, CSRF or anything around them.

use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use cairn::db;
use cairn::domain::{Actor, sign_ins};
use cairn::tracking::{self, Tracker};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::again::Again;
use super::dataset::{Dataset, SLUG};
use super::load::PERSON;

/// The word that makes this binary a server that awaits the same group commit.
pub(super) const COMMIT: &str = "commit";

/// The word that makes this binary a server that does nothing but answer 204.
pub(super) const NOTHING: &str = "nothing";

/// Where the reports go, and whose they are.
#[derive(Serialize, Deserialize)]
struct Orders {
    url: String,
    sign_ins: Vec<Uuid>,
}

/// A bare server, as the one sees it that started it.
pub(super) struct Bare {
    process: Again,
    pub(super) address: String,
}

impl Bare {
    /// Starts what the word says.
    pub(super) async fn start(word: &str, dataset: &Dataset) -> Self {
        let sign_ins = dataset.people.iter().map(|browser| browser.sign_in).collect();
        let mut process = Again::start(word);
        process.tell(&json!(Orders { url: dataset.url_with(""), sign_ins }).to_string()).await;
        let address = process.hear().await;
        Self { process, address }
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// The process itself; it ends when whoever started it is gone.
pub(super) fn run(word: &str) {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
    let orders: Orders = serde_json::from_str(&line).expect("orders");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let path = format!("/{SLUG}/tracking_events");
        serve(match word {
            COMMIT => Router::new().route(&path, post(commit)).with_state(Known::of(&orders).await),
            _ => Router::new().route(&path, post(async || StatusCode::NO_CONTENT)),
        })
        .await;
    });
    std::io::stdin().read_line(&mut line).expect("the end");
}

async fn serve(router: Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    std::io::stdout().flush().expect("somebody listens");
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a socket"));
    tokio::spawn(async move { axum::serve(listener, router).await });
}

/// The writer, and everybody who reports.
#[derive(Clone)]
struct Known {
    tracker: Tracker,
    people: Arc<Vec<Actor>>,
}

impl Known {
    async fn of(orders: &Orders) -> Self {
        let pool = db::connect(&orders.url, 1).await.expect("the database");
        let mut people = Vec::new();
        for sign_in in &orders.sign_ins {
            let actor = sign_ins::resolve(&pool, (*sign_in).into(), SLUG, None).await;
            people.push(actor.expect("a database").expect("a member"));
        }
        let (tracker, _) = Tracker::start(pool);
        Self { tracker, people: Arc::new(people) }
    }
}

#[derive(Deserialize)]
struct Body {
    tracking_event: Option<Box<RawValue>>,
    tracking_events: Option<Vec<Box<RawValue>>>,
}

async fn commit(State(known): State<Known>, headers: HeaderMap, body: String) -> StatusCode {
    let person = headers[PERSON].to_str().expect("text").parse::<usize>().expect("a place");
    let body: Body = serde_json::from_str(&body).expect("reports");
    let items = body.tracking_events.or(body.tracking_event.map(|item| vec![item]));
    let items = items.expect("one at least");
    match tracking::report(&known.tracker, &known.people[person], &items).await {
        Ok(refused) if refused.is_empty() => StatusCode::NO_CONTENT,
        Ok(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
