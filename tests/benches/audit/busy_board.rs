//! A board of 500 cards and a log of 260,000 events of its own, made once by COPY.

use std::fmt::Write as _;

use cairn::db::{self, embedded::Cluster};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::{Actor, boards, cards, columns, identities, sign_ins};
use cairn::events::Log;
use cairn::values::id::{BoardId, IdentityId};
use cairn::values::{
    BoardAccess, Color, Description, Email, Name, Rank, Slug, TagName, Title, clock,
};
use sqlx::postgres::PgPoolCopyExt as _;
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The owner's address.
pub(super) const EMAIL: &str = "olive@northfold.example";

/// The owner's password.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// How many events the log has.
pub(super) const EVENTS: i64 = 260_000;

const SLUG: &str = "northfold";
const CARDS: usize = 500;
const COLUMNS: [&str; 5] = ["Ideas", "To do", "Doing", "Review", "Done"];

/// Rows of one COPY.
const BATCH: i64 = 20_000;

/// From one event to the next.
const PACE: Duration = Duration::seconds(30);

/// The board, in a database of its own.
pub(super) struct BusyBoard {
    url: String,
    pool: PgPool,
    owner: Actor,
    id: BoardId,
}

/// Tables in the text form of COPY, by their names with their columns.
type Texts = Vec<(&'static str, String)>;

struct Made {
    account: Uuid,
    creator: Uuid,
    board: Uuid,
    columns: Vec<(Uuid, &'static str, Color)>,
    cards: Vec<(Uuid, i64, String)>,
}

impl BusyBoard {
    /// The data set; made now, unless an earlier run of the same schema did.
    pub(super) async fn of(cluster: &Cluster) -> Self {
        let url = cluster.url("as_it_was");
        if !is_whole(&url).await {
            println!("making {EVENTS} events, once");
            let mut server =
                PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
            let drop = "drop database if exists as_it_was with (force)";
            server.execute(drop).await.expect("a drop");
            server.execute("create database as_it_was").await.expect("a database");
            make(&url).await;
        }
        let pool = db::connect(&url, 4).await.expect("the database");
        let identity: Uuid =
            sqlx::query_scalar("select id from identities").fetch_one(&pool).await.expect("one");
        let id: Uuid =
            sqlx::query_scalar("select id from boards").fetch_one(&pool).await.expect("one");
        let owner = actor(&pool, identity.into()).await;
        Self { url, pool, owner, id: id.into() }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) fn owner(&self) -> &Actor {
        &self.owner
    }

    pub(super) fn id(&self) -> BoardId {
        self.id
    }
}

/// Whether a database holds a whole data set in the schema of today.
async fn is_whole(url: &str) -> bool {
    let Ok(pool) = db::connect(url, 1).await else { return false };
    let marked = sqlx::query("select from whole").fetch_all(&pool).await.is_ok();
    marked && db::migrate(&pool).await.is_ok()
}

async fn make(url: &str) {
    let pool = db::connect(url, 2).await.expect("the database");
    db::migrate(&pool).await.expect("the migrations");
    let log = Log::new(pool.clone(), Vec::new());
    let owner = found(&log).await;
    let made = fill(&log, &owner).await;
    made.copy(&pool).await;
    let mut connection = pool.acquire().await.expect("a connection");
    connection.execute("set statement_timeout = 0").await.expect("a setting");
    connection.execute("vacuum (analyze)").await.expect("a vacuum");
    connection.execute("create table whole ()").await.expect("a mark");
}

async fn found(log: &Log) -> Actor {
    let pool = log.pool();
    let new = NewAccount {
        slug: Slug::parse(SLUG).expect("a slug"),
        name: Name::parse("Northfold").expect("a name"),
        owner_email: Email::parse(EMAIL).expect("an address"),
        owner_name: Name::parse("Olive Marsh").expect("a name"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    let hashed = Password::parse(PASSWORD).expect("a password").hash().await;
    let mut connection = pool.acquire().await.expect("a connection");
    let set = identities::set_password(&mut connection, founded.identity_id, &hashed).await;
    set.expect("a password is set");
    drop(connection);
    actor(pool, founded.identity_id).await
}

async fn actor(pool: &PgPool, identity: IdentityId) -> Actor {
    let id = sign_ins::start(pool, identity, None, "bench").await.expect("a sign-in");
    let actor = sign_ins::resolve(pool, id, SLUG, None).await.expect("a database");
    actor.expect("a member")
}

/// The board with its cards, each with a text, a tag and somebody whose work it is.
async fn fill(log: &Log, owner: &Actor) -> Made {
    let name = |text: &str| Name::parse(text).expect("a name");
    let board = boards::create(log, owner, name("Spring catalogue"), BoardAccess::Everyone).await;
    let board = board.expect("a board").id;
    let mut made = Made {
        account: owner.account.id.uuid(),
        creator: owner.user_id.uuid(),
        board: board.uuid(),
        columns: Vec::new(),
        cards: Vec::new(),
    };
    for column in COLUMNS {
        let added = columns::add(log, owner, board, name(column)).await.expect("a column");
        made.columns.push((added.id.uuid(), column, added.color));
    }
    for number in 1..=CARDS {
        let title = format!("Write to the printer about sheet {number}");
        let added = cards::add(log, owner, board, None, Title::parse(&title).expect("a title"));
        let number = added.await.expect("a card").number;
        let text = "The proofs came back with the greens too dark. ".repeat(8);
        let description = Some(Description::parse(&text).expect("a text"));
        let edit = cards::Edit { description, ..cards::Edit::default() };
        let card = cards::update(log, owner, number, edit).await.expect("an edit");
        let tag = TagName::parse(["print", "urgent", "letter"][made.cards.len() % 3]);
        cards::tag(log, owner, number, tag.expect("a tag")).await.expect("a tag");
        cards::assign(log, owner, number, owner.user_id).await.expect("somebody");
        made.cards.push((card.id.uuid(), number, title));
    }
    made
}

impl Made {
    /// Moves, reorderings and comments, until the log has as many events as it is to have.
    async fn copy(&self, pool: &PgPool) {
        let head = sqlx::query_scalar::<_, i64>("select sequence from account_heads");
        let mut next = head.fetch_one(pool).await.expect("a head") + 1;
        let start = clock::now() - PACE * i32::try_from(EVENTS).expect("a number");
        while next <= EVENTS {
            let end = (next + BATCH - 1).min(EVENTS);
            let mut texts = texts();
            for sequence in next..=end {
                let at = start + PACE * i32::try_from(sequence).expect("a number");
                self.event(&mut texts, sequence, at);
            }
            for (table, text) in texts {
                let copy = format!("copy {table} from stdin");
                let mut copying = pool.copy_in_raw(&copy).await.expect("a copy");
                copying.send(text.into_bytes()).await.expect("rows");
                copying.finish().await.expect("an end");
            }
            next = end + 1;
        }
        let query = sqlx::query("update account_heads set sequence = $1").bind(EVENTS);
        query.execute(pool).await.expect("the head");
    }

    fn event(&self, texts: &mut Texts, sequence: i64, at: OffsetDateTime) {
        let chance = usize::try_from(sequence).expect("a number").wrapping_mul(2_654_435_761) >> 7;
        let (card, number, title) = &self.cards[chance / 100 % self.cards.len()];
        let (from, from_name, from_color) = self.columns[chance / 64 % self.columns.len()];
        let (to, to_name, to_color) = self.columns[(chance / 64 + 1) % self.columns.len()];
        let digits = b"123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let rank: String =
            (0..4).map(|place| char::from(digits[chance / (7 + place) % digits.len()])).collect();
        let rank = Rank::parse(&rank).expect("a rank");
        let (account, board, creator) = (self.account, self.board, self.creator);
        let millis = u128::try_from(at.unix_timestamp()).expect("after 1970") * 1_000;
        let count = u128::try_from(sequence).expect("a number");
        let id = Uuid::from_u128((millis << 80) | (0x7 << 76) | (0x2 << 62) | count);
        let (kind, row) = match chance % 20 {
            0..12 => (
                1,
                format!(
                    "{from}\t{to}\t{}\t{title}\t{from_name}\t{from_color}\t{to_name}\t{to_color}",
                    rank.as_str()
                ),
            ),
            12..17 => (2, format!("{to}\t{}\t{title}\t{to_name}\t{to_color}", rank.as_str())),
            _ => (3, format!("{id}\t{title}\tSent with the first post.")),
        };
        let name = texts[kind].0.split(' ').next().expect("a name");
        let activity = format!(
            "{account}\t{sequence}\t{id}\t{name}\t{creator}\t{board}\t{card}\tbrowser\t{at}"
        );
        writeln!(texts[0].1, "{activity}").expect("memory");
        let row = format!("{account}\t{id}\t{board}\t{card}\t{number}\t{row}\t\\\\x00\t{at}");
        writeln!(texts[kind].1, "{row}").expect("memory");
    }
}

fn texts() -> Texts {
    [
        "activities (account_id, sequence, id, subject_type, creator_id, board_id, card_id, source, created_at)",
        "card_moved (account_id, id, board_id, card_id, number, from_column_id, to_column_id, rank, title,
             from_column_name, from_column_color, to_column_name, to_column_color, digest, created_at)",
        "card_reordered (account_id, id, board_id, card_id, number, column_id, rank, title, column_name,
             column_color, digest, created_at)",
        "comment_added (account_id, id, board_id, card_id, number, comment_id, title, body, digest, created_at)",
    ]
    .map(|table| (table, String::new()))
    .into()
}
