//! Accounts with endpoints at the sink, and deliveries that are owed to them.

use std::collections::HashMap;

use cairn::db::{self, embedded::Cluster};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::{Actor, boards, cards, columns, sign_ins, tokens};
use cairn::events::Log;
use cairn::values::id::AccountId;
use cairn::values::secret::{KeyRing, Secret};
use cairn::values::{BoardAccess, Email, Name, Scope, Slug, Title, clock};
use cairn::webhooks::endpoints::{self, NewEndpoint};
use cairn::webhooks::{Guard, Owing, retention};
use sqlx::postgres::types::PgInterval;
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use time::OffsetDateTime;

use super::server::SECRET_KEY;

/// The most endpoints of one account.
const ENDPOINTS_OF_AN_ACCOUNT: usize = 50;

/// A card that was moved, as it goes out.
pub(super) const BODY: &str = r#"{"id":"0192f0c4-6c3e-7b1a-9d53-5e0c9b7a1f42","event":"card.moved","created_at":"2026-11-28T09:15:00.123456Z","account":{"id":"0192f0c4-0000-7000-8000-000000000001","slug":"northfold"},"creator":{"id":"0192f0c4-0000-7000-8000-000000000002","name":"Olive Marsh"},"data":{"card":{"id":"0192f0c4-0000-7000-8000-000000000003","number":17,"title":"Write the letter to the hut wardens"},"board":{"id":"0192f0c4-0000-7000-8000-000000000004","name":"Spring catalogue"},"from":{"id":"0192f0c4-0000-7000-8000-000000000005","name":"To do"},"to":{"id":"0192f0c4-0000-7000-8000-000000000006","name":"Doing"}}}"#;

/// A database of its own, made for this run.
pub(super) struct Dataset {
    pub(super) url: String,
    pub(super) pool: PgPool,
    log: Log,
    accounts: Vec<Actor>,
}

impl Dataset {
    /// One with an endpoint at each of these paths of the sink, in as many accounts as that takes.
    pub(super) async fn new(cluster: &Cluster, sink: &str, paths: &[String]) -> Self {
        let url = database(cluster).await;
        let pool = db::connect(&url, 2).await.expect("the database");
        db::migrate(&pool).await.expect("the migrations");
        retention::make_partitions(&pool, clock::now()).await.expect("the partitions");
        pool.execute("create extension pg_stat_statements").await.expect("the extension");
        let log =
            Log::new(pool.clone(), vec![std::sync::Arc::new(Owing::new("http://127.0.0.1:3000/"))]);
        let mut accounts = Vec::new();
        for (number, paths) in paths.chunks(ENDPOINTS_OF_AN_ACCOUNT).enumerate() {
            let actor = found(&log, number).await;
            for path in paths {
                endpoint(&log, &actor, &format!("{sink}/{path}")).await;
            }
            accounts.push(actor);
        }
        Self { url, pool, log, accounts }
    }

    /// Owes so many events to every endpoint, one every so often from a moment on, each at some time
    /// of its turn. Nobody looks for them until [`Dataset::go`].
    pub(super) async fn owe(&self, events: i64, from: OffsetDateTime, every: PgInterval) {
        for account in &self.accounts {
            owe(&self.pool, account.account.id, events, from, every).await;
        }
        self.pool.execute("vacuum (analyze)").await.expect("a vacuum");
    }

    /// Lets what is owed be sent.
    pub(super) async fn go(&self) {
        let go = "update webhook_due w set due_at = (select min(due_at) from webhook_deliveries d
                      where d.account_id = w.account_id and d.endpoint_id = w.endpoint_id)";
        self.pool.execute(go).await.expect("it is due");
    }

    /// When what was owed was due, in nanoseconds, by the number that ends the endpoint's path, and the
    /// event's.
    pub(super) async fn due(&self) -> HashMap<(u32, i64), i64> {
        let due = "select substring(url from '/([0-9]+)$')::integer, sequence, d.created_at
                   from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
                   where url ~ '/[0-9]+$'";
        let due = sqlx::query_as::<_, (i32, i64, OffsetDateTime)>(due).fetch_all(&self.pool).await;
        let rows = due.expect("times").into_iter().map(|(endpoint, sequence, at)| {
            let at = i64::try_from(at.unix_timestamp_nanos()).expect("not long after 1970");
            ((endpoint.unsigned_abs(), sequence), at)
        });
        rows.collect()
    }

    /// How many deliveries are not done with.
    pub(super) async fn pending(&self) -> i64 {
        let pending = "select count(*) from webhook_deliveries where status = 'pending'";
        sqlx::query_scalar(pending).fetch_one(&self.pool).await.expect("a count")
    }

    /// A card of the first account and a token with which to change it.
    pub(super) async fn card(&self) -> (i64, Secret) {
        let (log, owner) = (&self.log, &self.accounts[0]);
        let board = boards::create(log, owner, name("Post"), BoardAccess::Everyone).await;
        let board = board.expect("a board").id;
        columns::add(log, owner, board, name("To do")).await.expect("a column");
        let title = Title::parse("Write a letter").expect("a title");
        let card = cards::add(log, owner, board, None, title).await.expect("a card");
        let token = tokens::issue(log, &slug(0), &email(0), name("Bench"), Scope::Write).await;
        (card.number, token.expect("a token"))
    }
}

async fn database(cluster: &Cluster) -> String {
    let mut server = PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
    server.execute("drop database if exists bench_webhooks with (force)").await.expect("a drop");
    server.execute("create database bench_webhooks").await.expect("a database");
    cluster.url("bench_webhooks")
}

async fn found(log: &Log, number: usize) -> Actor {
    let new = NewAccount {
        slug: slug(number),
        name: name("Northfold"),
        owner_email: email(number),
        owner_name: name("Olive Marsh"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    let id = sign_ins::start(log.pool(), founded.identity_id, None, "bench").await;
    let id = id.expect("a sign-in");
    let actor = sign_ins::resolve(log.pool(), id, slug(number).as_str(), None).await;
    actor.expect("a database").expect("a member")
}

async fn endpoint(log: &Log, actor: &Actor, url: &str) {
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    let guard = Guard::new(vec!["127.0.0.0/8".parse().expect("a network")]);
    let new = NewEndpoint {
        url: url.to_owned(),
        events: vec!["card.updated".to_owned()],
        ..NewEndpoint::default()
    };
    endpoints::add(log, &keys, &guard, actor, &new).await.expect("an endpoint");
}

async fn owe(
    pool: &PgPool,
    account: AccountId,
    events: i64,
    from: OffsetDateTime,
    every: PgInterval,
) {
    let owe = "with event as materialized (
             select gen_random_uuid() as id, n from generate_series(1, $2) n
         ), frozen as (
             insert into webhook_payloads (account_id, event_id, body, created_at)
             select $1, id, convert_to($3, 'UTF8'), now() from event
         ), owed as (
             insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id, event,
                 sequence, status, due_at, created_at)
             select $1, gen_random_uuid(), id, n, event_id, 'card.moved', n, 'pending', at, at
             from (select e.id, n, event.id as event_id, $4 + (n - random()) * $5 as at
                   from event cross join webhook_endpoints e where e.account_id = $1) turn
         ), counted as (
             update webhook_counters set number = $2 where account_id = $1
         )
         insert into webhook_due (account_id, endpoint_id, due_at)
         select $1, id, 'infinity' from webhook_endpoints where account_id = $1
         on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at";
    let owe = sqlx::query(owe).bind(account.uuid()).bind(events).bind(BODY).bind(from).bind(every);
    let mut connection = pool.acquire().await.expect("a connection");
    connection.execute("set statement_timeout = 0").await.expect("patience");
    owe.execute(&mut *connection).await.expect("deliveries");
}

/// The slug of an account.
pub(super) fn slug(number: usize) -> Slug {
    Slug::parse(&format!("northfold-{number}")).expect("a slug")
}

fn email(number: usize) -> Email {
    Email::parse(&format!("olive{number}@northfold.example")).expect("an address")
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}
