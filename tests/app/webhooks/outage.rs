//! A Postgres that is away for long: when it is back, everything goes on by itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cairn::db;
use cairn::db::embedded::{Cluster, Settings};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::{Actor, boards, cards, columns, sign_ins, tokens};
use cairn::events::Log;
use cairn::values::secret::{KeyRing, Secret};
use cairn::values::{BoardAccess, Email, Name, Scope, Slug, Title};
use cairn::webhooks::endpoints::{self, NewEndpoint};
use cairn::webhooks::{Guard, Owing};
use reqwest::{Client, StatusCode};
use serde_json::json;
use sqlx::PgPool;
use tokio::time::{Instant, sleep, timeout};

use crate::support::client::http;
use crate::support::server::{SECRET_KEY, Server, until};
use crate::support::sink::Sink;

/// How long Postgres is away: longer than the back-off of a job runner that nobody looks after survives.
const AWAY: Duration = Duration::from_secs(100);

/// How soon after its return all goes on.
const SOON: Duration = Duration::from_secs(5);

/// How often a change is asked for meanwhile.
const PACE: Duration = Duration::from_millis(100);

/// A cluster that can be stopped, in a folder that is gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = format!("outage-{}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder))
    }

    async fn start(&self) -> Cluster {
        let settings = Settings { data_dir: self.0.clone(), durable: false, options: Vec::new() };
        std::fs::create_dir_all(&self.0).expect("a folder below target");
        let mut cluster = Cluster::start(&settings).await.expect("a Postgres");
        cluster.ready().await.expect("it answers");
        cluster
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A card, and what it takes to change it.
struct Writer {
    http: Client,
    url: String,
    token: Secret,
}

impl Writer {
    /// Asks for another title; whether that was done.
    async fn write(&self, title: &str) -> bool {
        let body = json!({ "title": title }).to_string();
        let request = self.http.patch(&self.url).bearer_auth(self.token.reveal());
        let request = request.header("content-type", "application/json").body(body);
        request.send().await.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    /// Goes on asking, for so long; how often that was done.
    async fn write_for(&self, span: Duration) -> usize {
        let (mut done, start) = (0, Instant::now());
        while start.elapsed() < span {
            let title = format!("Letter {}", start.elapsed().as_millis());
            done += usize::from(timeout(span, self.write(&title)).await.unwrap_or(false));
            sleep(PACE).await;
        }
        done
    }
}

#[tokio::test]
async fn everything_goes_on_within_seconds_when_postgres_was_away_for_long() {
    let (folder, sink) = (Folder::new(), Sink::start().await);
    let cluster = folder.start().await;
    let url = cluster.url("postgres");
    let mut server = Server::start(&url).await;
    let pool = db::connect(&url, 2).await.expect("the database");
    let writer = set(&pool, server.address(), &sink).await;
    let before = writer.write_for(Duration::from_secs(2)).await;
    sink.has(before).await;

    pool.close().await;
    cluster.stop().await.expect("it stops");
    assert_eq!(writer.write_for(AWAY).await, 0, "nothing can be done meanwhile");
    let cluster = folder.start().await;
    let back = Instant::now();
    let written = until("a change", async || writer.write("A letter after it").await.then_some(()));
    written.await;
    until("a call", async || (sink.calls().len() > before).then_some(())).await;
    let took = back.elapsed();
    assert!(took < SOON, "it took {took:?} until a change was made and delivered");
    jobs_are_taken(&url).await;
    let took = back.elapsed();
    assert!(took < SOON * 2, "it took {took:?} until jobs were taken");
    assert!(server.stop().await.success());
    for words in ["jobs wait for the database", "jobs go on"] {
        let said = server.log().iter().filter(|line| line.contains(words)).count();
        assert_eq!(said, 1, "“{words}” is said once");
    }
    cluster.stop().await.expect("it stops");
}

/// An account with a card, and an endpoint that hears of it.
async fn set(pool: &PgPool, server: &str, sink: &Sink) -> Writer {
    let log = Log::new(pool.clone(), vec![Arc::new(Owing::new("http://127.0.0.1:3000/"))]);
    let owner = owner(&log).await;
    let board = boards::create(&log, &owner, name("Post"), BoardAccess::Everyone).await;
    let board = board.expect("a board").id;
    columns::add(&log, &owner, board, name("To do")).await.expect("a column");
    let title = Title::parse("Write a letter").expect("a title");
    let card = cards::add(&log, &owner, board, None, title).await.expect("a card").number;
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    let guard = Guard::new(vec!["127.0.0.0/8".parse().expect("a network")]);
    let events = vec!["card.updated".to_owned()];
    let new = NewEndpoint { url: sink.url("/hook"), events, ..NewEndpoint::default() };
    endpoints::add(&log, &keys, &guard, &owner, &new).await.expect("an endpoint");
    let token = tokens::issue(&log, &slug(), &email(), name("Writing"), Scope::Write).await;
    let url = format!("{server}/api/v1/{}/cards/{card}", slug());
    Writer { http: http(), url, token: token.expect("a token") }
}

async fn owner(log: &Log) -> Actor {
    let new = NewAccount {
        slug: slug(),
        name: name("Northfold"),
        owner_email: email(),
        owner_name: name("Olive Marsh"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    let id = sign_ins::start(log.pool(), founded.identity_id, None, "test").await;
    let actor = sign_ins::resolve(log.pool(), id.expect("a sign-in"), slug().as_str(), None).await;
    actor.expect("a database").expect("a member")
}

/// Waits until a job that is due was taken and done.
async fn jobs_are_taken(url: &str) {
    let pool = db::connect(url, 1).await.expect("the database");
    sqlx::query(
        "insert into mq_msgs (id, attempt_at, runs_left, retry_backoff, channel_name, channel_args, name)
         values (gen_random_uuid(), now(), 1, interval '30 s', 'webhooks', '', 'drain_deliveries')",
    )
    .execute(&pool)
    .await
    .expect("a job");
    until("jobs to be taken", async || {
        let waiting = "select count(*) from mq_msgs where runs_left = 1 and retry_backoff = '30 s'
                       and attempt_at <= now()";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&pool).await.expect("a count");
        (waiting == 0).then_some(())
    })
    .await;
    pool.close().await;
}

fn slug() -> Slug {
    Slug::parse("northfold").expect("a slug")
}

fn email() -> Email {
    Email::parse("olive@northfold.example").expect("an address")
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}
