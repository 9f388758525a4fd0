//! An account with so many activities, made once by COPY from events that real verbs recorded.

use cairn::db::{self, embedded::Cluster};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::{
    Actor, NoLetters, boards, cards, columns, comments, identities, invitations, sign_ins,
};
use cairn::events::Log;
use cairn::values::id::IdentityId;
use cairn::values::{
    BoardAccess, CommentBody, Description, Email, Name, Role, Slug, TagName, Title,
};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use uuid::Uuid;

use super::multiplied::Multiplied;

/// The owner's address.
pub(super) const EMAIL: &str = "olive@northfold.example";

/// The owner's password.
pub(super) const PASSWORD: &str = "correct horse battery staple";

const SLUG: &str = "northfold";

/// A busy board, one that went quiet, and seven more.
const BOARDS: usize = 9;

const CARDS_OF_A_BOARD: usize = 20;

const PEOPLE: [&str; 4] = ["Tomas Reed", "Rowan Hale", "Amara Stone", "Jonas Field"];

/// An account in a database of its own.
pub(super) struct Dataset {
    url: String,
    pool: PgPool,
    activities: i64,
    boards: Vec<Uuid>,
    member: Uuid,
}

impl Dataset {
    /// The data set of this size; made now, unless an earlier run of the same schema did.
    pub(super) async fn of(cluster: &Cluster, activities: i64) -> Self {
        let name = format!("feed_{activities}");
        let url = cluster.url(&name);
        if !is_whole(&url).await {
            println!("making {activities} activities, once");
            let mut server =
                PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
            let drop = format!("drop database if exists {name} with (force)");
            server.execute(drop.as_str()).await.expect("a drop");
            server.execute(format!("create database {name}").as_str()).await.expect("a database");
            make(&url, activities).await;
        }
        let pool = db::connect(&url, 2).await.expect("the database");
        let ids = |query: &'static str| sqlx::query_scalar(query).fetch_all(&pool);
        let boards = ids("select id from boards order by created_at, id").await.expect("boards");
        let users: Vec<Uuid> =
            ids("select id from users order by created_at, id").await.expect("users");
        Self { url, pool: pool.clone(), activities, boards, member: users[1] }
    }

    pub(super) fn activities(&self) -> i64 {
        self.activities
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// How to connect to it with settings of Postgres, such as `-c name=value`.
    pub(super) fn url_with(&self, options: &str) -> String {
        let mut url = url::Url::parse(&self.url).expect("an address");
        if !options.is_empty() {
            url.query_pairs_mut().append_pair("options", options);
        }
        url.into()
    }

    /// The sorts of pages, by name.
    pub(super) fn pages(&self) -> [(&'static str, String); 5] {
        let board = |at: usize| format!("/{SLUG}/boards/{}/activity", self.boards[at]);
        let seven: Vec<String> =
            self.boards[2..].iter().map(|id| format!("board_id={id}")).collect();
        [
            ("busy board", board(0)),
            ("board gone quiet", board(1)),
            ("seven boards", format!("/{SLUG}/activity?{}", seven.join("&"))),
            ("account", format!("/{SLUG}/activity")),
            ("person", format!("/{SLUG}/members/{}/activity", self.member)),
        ]
    }

    /// A page without a feed.
    pub(super) fn other_page(&self) -> &'static str {
        "/northfold/members"
    }

    /// So many pages of the account's feed, none of which shows what another one shows.
    pub(super) fn older_pages(&self, count: usize) -> Vec<String> {
        let count = i64::try_from(count).expect("a count");
        let stride = (self.activities - 100) / count;
        (0..count)
            .map(|page| format!("/{SLUG}/activity?before={}", self.activities - page * stride))
            .collect()
    }
}

/// Whether a database holds a whole data set in the schema of today.
async fn is_whole(url: &str) -> bool {
    let Ok(pool) = db::connect(url, 1).await else { return false };
    let marked = sqlx::query("select from whole").fetch_all(&pool).await.is_ok();
    marked && db::migrate(&pool).await.is_ok()
}

async fn make(url: &str, activities: i64) {
    let pool = db::connect(url, 2).await.expect("the database");
    db::migrate(&pool).await.expect("the migrations");
    pool.execute("create extension pg_stat_statements").await.expect("the extension");
    let log = Log::new(pool.clone(), Vec::new());
    let owner = found(&log).await;
    fill(&log, &owner).await;
    Multiplied::of(&pool, &owner).await.copy(activities).await;
    let mut connection = pool.acquire().await.expect("a connection");
    connection.execute("set statement_timeout = 0").await.expect("a setting");
    connection.execute("vacuum (analyze)").await.expect("a vacuum");
    connection.execute("create table whole ()").await.expect("a mark");
}

/// The account with its people; its owner.
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
    let owner = actor(pool, founded.identity_id).await;
    for (number, name) in PEOPLE.iter().enumerate() {
        let email = Email::parse(&format!("person{number}@northfold.example")).expect("an address");
        let invited = invitations::invite(log, &owner, &email, Role::Member, &NoLetters).await;
        let (_, token) = invited.expect("an invitation");
        let invitation = invitations::find(pool, SLUG, &token).await.expect("the invitation");
        let (name, password) = (Name::parse(name).expect("a name"), Password::parse(PASSWORD));
        let password = password.expect("a password");
        invitations::accept(log, &invitation, name, Some(&password)).await.expect("a member");
    }
    owner
}

async fn actor(pool: &PgPool, identity: IdentityId) -> Actor {
    let id = sign_ins::start(pool, identity, None, "bench").await.expect("a sign-in");
    let actor = sign_ins::resolve(pool, id, SLUG, None).await.expect("a database");
    actor.expect("a member")
}

/// The boards with their cards, and one event at least of each kind that is multiplied.
async fn fill(log: &Log, owner: &Actor) {
    let name = |text: String| Name::parse(&text).expect("a name");
    for number in 1..=BOARDS {
        let made =
            boards::create(log, owner, name(format!("Board {number}")), BoardAccess::Everyone);
        let board = made.await.expect("a board").id;
        for column in ["To do", "Done"] {
            let added = columns::add(log, owner, board, name(column.to_owned())).await;
            added.expect("a column");
        }
        for card in 1..=CARDS_OF_A_BOARD {
            let title = Title::parse(&format!("Write letter {card}")).expect("a title");
            cards::add(log, owner, board, None, title).await.expect("a card");
        }
    }
    record_each_kind(log, owner).await;
}

async fn record_each_kind(log: &Log, owner: &Actor) {
    let card = cards::find(log.pool(), owner, 1).await.expect("a card");
    let to = "select id from columns where board_id = $1 and id <> $2";
    let to = sqlx::query_scalar::<_, Uuid>(to).bind(card.board_id.uuid());
    let to = to.bind(card.column_id.uuid()).fetch_one(log.pool()).await.expect("a column");
    cards::relocate(log, owner, 1, card.column_id, None).await.expect("a card put elsewhere");
    cards::relocate(log, owner, 1, to.into(), None).await.expect("a move");
    let body = CommentBody::parse("Sent with the **first** post this morning.").expect("a comment");
    comments::add(log, owner, 1, body).await.expect("a comment");
    let edit = cards::Edit {
        title: Some(Title::parse("Write the letters").expect("a title")),
        description: Some(Description::parse("To each of them.").expect("a text")),
        version: None,
    };
    cards::update(log, owner, 1, edit).await.expect("an edit");
    cards::assign(log, owner, 1, owner.user_id).await.expect("somebody");
    cards::tag(log, owner, 1, TagName::parse("urgent").expect("a tag")).await.expect("a tag");
    cards::close(log, owner, 1).await.expect("an end");
}
