//! An account whose people report what they do, in a database that is made anew for each run.

use cairn::db::{self, embedded::Cluster};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::{Actor, boards, cards, columns, sign_ins};
use cairn::events::Log;
use cairn::tracking::retention;
use cairn::values::{BoardAccess, Email, Name, Slug, Title, clock};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use uuid::Uuid;

use super::events::Things;
use super::people::{self, Browser};

/// The account, in paths.
pub(super) const SLUG: &str = "northfold";

/// How many people there are beside the owner.
const PEOPLE: i64 = 255;

const BOARDS: usize = 8;

const CARDS_OF_A_BOARD: usize = 50;

/// All that a report leaves.
const LEFT: &str =
    "tracking_events, tracking_hours, tracking_people, tracking_visits, tracking_boards,
                    tracking_things, tracking_months, receipts";

/// An account in a database of its own.
pub(super) struct Dataset {
    url: String,
    pub(super) pool: PgPool,
    pub(super) account: Uuid,
    pub(super) people: Vec<Browser>,
    pub(super) things: Things,
}

impl Dataset {
    pub(super) async fn new(cluster: &Cluster) -> Self {
        let url = cluster.url("bench_tracking");
        make_database(cluster, "bench_tracking").await;
        let pool = db::connect(&url, 2).await.expect("the database");
        prepare(&pool).await;
        let log = Log::new(pool.clone(), Vec::new());
        let owner = found(&log).await;
        let account = owner.account.id.uuid();
        people::join(&pool, account, PEOPLE).await;
        let people = people::sign_in(&pool, account).await;
        let things = fill(&log, &owner).await;
        pool.execute("vacuum (analyze)").await.expect("a vacuum");
        Self { url, pool, account, people, things }
    }

    /// How to connect to it, with settings of Postgres such as `-c name=value`.
    pub(super) fn url_with(&self, options: &str) -> String {
        with_options(&self.url, options)
    }

    /// Forgets what was reported, and writes out what waits to be written, so that each run begins alike.
    pub(super) async fn forget(&self) {
        self.pool.execute(format!("truncate {LEFT}").as_str()).await.expect("nothing is left");
        self.pool.execute("checkpoint").await.expect("a checkpoint");
    }

    /// How many reports are stored.
    pub(super) async fn stored(&self) -> usize {
        let count = sqlx::query_scalar::<_, i64>("select count(*) from tracking_events");
        let count = count.fetch_one(&self.pool).await.expect("a count");
        usize::try_from(count).expect("a count")
    }
}

/// An address with settings of Postgres.
pub(super) fn with_options(url: &str, options: &str) -> String {
    let mut url = url::Url::parse(url).expect("an address");
    if !options.is_empty() {
        url.query_pairs_mut().append_pair("options", options);
    }
    url.into()
}

/// An empty database in place of the one that was there.
pub(super) async fn make_database(cluster: &Cluster, name: &str) {
    let mut server = PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
    let drop = format!("drop database if exists {name} with (force)");
    server.execute(drop.as_str()).await.expect("a drop");
    server.execute(format!("create database {name}").as_str()).await.expect("a database");
}

/// The schema, the partitions of these days, and the extension that counts statements.
pub(super) async fn prepare(pool: &PgPool) {
    db::migrate(pool).await.expect("the migrations");
    retention::make_partitions(pool, clock::now()).await.expect("the partitions");
    pool.execute("create extension pg_stat_statements").await.expect("the extension");
}

/// The account, and its owner.
pub(super) async fn found(log: &Log) -> Actor {
    let new = NewAccount {
        slug: Slug::parse(SLUG).expect("a slug"),
        name: name("Northfold"),
        owner_email: Email::parse("olive@northfold.example").expect("an address"),
        owner_name: name("Olive Marsh"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    let id = sign_ins::start(log.pool(), founded.identity_id, None, "bench").await;
    let actor = sign_ins::resolve(log.pool(), id.expect("a sign-in"), SLUG, None).await;
    actor.expect("a database").expect("a member")
}

async fn fill(log: &Log, owner: &Actor) -> Things {
    let mut things = Vec::new();
    for number in 1..=BOARDS {
        things.push(board(log, owner, number, CARDS_OF_A_BOARD).await);
    }
    Things(things)
}

/// A board with a column and so many cards.
pub(super) async fn board(
    log: &Log,
    owner: &Actor,
    number: usize,
    count: usize,
) -> (Uuid, Vec<Uuid>) {
    let called = name(&format!("Board {number}"));
    let board = boards::create(log, owner, called, BoardAccess::Everyone).await;
    let board = board.expect("a board").id;
    columns::add(log, owner, board, name("To do")).await.expect("a column");
    let mut cards = Vec::new();
    for card in 1..=count {
        let title = Title::parse(&format!("Write letter {card}")).expect("a title");
        let card = cards::add(log, owner, board, None, title).await.expect("a card");
        cards.push(card.id.uuid());
    }
    (board.uuid(), cards)
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}
