//! An account with members enough to hold all sockets, one busy board, and many more.

use cairn::db::{self, embedded::Cluster};
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::{
    Actor, NoLetters, boards, cards, columns, identities, invitations, sign_ins, tokens,
};
use cairn::events::Log;
use cairn::values::secret::Secret;
use cairn::values::{BoardAccess, Email, Name, Role, Scope, Slug, Title};
use sqlx::{Connection as _, Executor as _, PgConnection};

/// The account.
pub(super) const SLUG: &str = "northfold";

const PASSWORD: &str = "correct horse battery staple";

/// The most sockets of one person.
const SOCKETS_OF_A_PERSON: usize = 500;

/// The fewest people, however few sockets there are.
const FEWEST_PEOPLE: usize = 5;

/// More than events of a run, so that no title is overtaken by the card's next one while somebody
/// is away; and less than what a page is told one by one when it comes back.
const CARDS_OF_BUSY_BOARD: usize = 195;

const CARDS_OF_A_BOARD: usize = 2;

/// A database of its own, made for this run.
pub(super) struct Dataset {
    pub(super) url: String,
    /// A token of each member.
    pub(super) people: Vec<Secret>,
    /// The busy board, and the others.
    pub(super) boards: Vec<Board>,
}

pub(super) struct Board {
    pub(super) id: String,
    /// The numbers of its cards.
    pub(super) cards: Vec<i64>,
}

impl Dataset {
    /// One for so many boards beside the busy one, and so many sockets.
    pub(super) async fn new(cluster: &Cluster, boards: usize, sockets: usize) -> Self {
        let url = database(cluster).await;
        let pool = db::connect(&url, 2).await.expect("the database");
        db::migrate(&pool).await.expect("the migrations");
        let log = Log::new(pool.clone(), Vec::new());
        let owner = found(&log).await;
        let mut people = Vec::new();
        for number in 0..sockets.div_ceil(SOCKETS_OF_A_PERSON).max(FEWEST_PEOPLE) {
            people.push(member(&log, &owner, number).await);
        }
        let mut made = vec![board(&log, &owner, "Post", CARDS_OF_BUSY_BOARD).await];
        for number in 1..=boards {
            let name = format!("Board {number}");
            made.push(board(&log, &owner, &name, CARDS_OF_A_BOARD).await);
        }
        pool.execute("vacuum (analyze)").await.expect("a vacuum");
        pool.close().await;
        Self { url, people, boards: made }
    }
}

async fn database(cluster: &Cluster) -> String {
    let mut server = PgConnection::connect(&cluster.url("postgres")).await.expect("a connection");
    server.execute("drop database if exists bench_live with (force)").await.expect("a drop");
    server.execute("create database bench_live").await.expect("a database");
    cluster.url("bench_live")
}

/// The account; its owner.
async fn found(log: &Log) -> Actor {
    let pool = log.pool();
    let new = NewAccount {
        slug: Slug::parse(SLUG).expect("a slug"),
        name: name("Northfold"),
        owner_email: Email::parse("olive@northfold.example").expect("an address"),
        owner_name: name("Olive Marsh"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    let hashed = Password::parse(PASSWORD).expect("a password").hash().await;
    let mut connection = pool.acquire().await.expect("a connection");
    let set = identities::set_password(&mut connection, founded.identity_id, &hashed).await;
    set.expect("a password is set");
    let id = sign_ins::start(pool, founded.identity_id, None, "bench").await.expect("a sign-in");
    let actor = sign_ins::resolve(pool, id, SLUG, None).await.expect("a database");
    actor.expect("a member")
}

/// One more member; their token.
async fn member(log: &Log, owner: &Actor, number: usize) -> Secret {
    let email = Email::parse(&format!("person{number}@northfold.example")).expect("an address");
    let invited = invitations::invite(log, owner, &email, Role::Member, &NoLetters).await;
    let (_, token) = invited.expect("an invitation");
    let invitation = invitations::find(log.pool(), SLUG, &token).await.expect("the invitation");
    let password = Password::parse(PASSWORD).expect("a password");
    let person = name(&format!("Person {number}"));
    invitations::accept(log, &invitation, person, Some(&password)).await.expect("a member");
    let slug = Slug::parse(SLUG).expect("a slug");
    tokens::issue(log, &slug, &email, name("Watching"), Scope::Write).await.expect("a token")
}

async fn board(log: &Log, owner: &Actor, called: &str, count: usize) -> Board {
    let made = boards::create(log, owner, name(called), BoardAccess::Everyone).await;
    let id = made.expect("a board").id;
    columns::add(log, owner, id, name("To do")).await.expect("a column");
    let mut numbers = Vec::new();
    for _ in 0..count {
        let title = Title::parse("Write a letter").expect("a title");
        numbers.push(cards::add(log, owner, id, None, title).await.expect("a card").number);
    }
    Board { id: id.to_string(), cards: numbers }
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}
