//! A test's own Cairn: a database, a server on it, and accounts with people.

use std::thread;

use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::{Actor, NoLetters, invitations, sign_ins};
use cairn::events::Log;
use cairn::values::id::IdentityId;
use cairn::values::secret::Secret;
use cairn::values::{Email, Name, Role, Slug};
use sqlx::PgPool;

use super::TestDatabase;
use super::client::Client;
use super::mail_server::MailServer;
use super::people::Person;
use super::program::Program;
use super::server::{Server, until};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// The real program on a database of its own. A test ends with [`TestApp::finish`].
pub struct TestApp {
    pub database: TestDatabase,
    pub server: Server,
    log: Log,
    expected: Vec<&'static str>,
    finished: bool,
}

/// An account with its first owner.
pub struct Account {
    pub slug: Slug,
    pub owner: Person,
}

impl TestApp {
    /// A server on an empty database.
    pub async fn start() -> Self {
        let database = TestDatabase::new().await;
        let server = Server::start(&database.url().await).await;
        Self::of(database, server)
    }

    /// The same with a mail server that takes its letters.
    pub async fn start_with_mail(relay: &MailServer) -> Self {
        let database = TestDatabase::new().await;
        let server = Server::start_with_mail(&database.url().await, &relay.url()).await;
        Self::of(database, server)
    }

    fn of(database: TestDatabase, server: Server) -> Self {
        let log = Log::new(database.pool().clone(), Vec::new());
        Self { database, server, log, expected: Vec::new(), finished: false }
    }

    /// The database, to look for facts.
    pub fn pool(&self) -> &PgPool {
        self.database.pool()
    }

    /// Waits until all that happened so far in every account is sealed.
    pub async fn is_sealed(&self) {
        let behind = "select exists (select from account_heads head where not exists (
            select from seals where seals.account_id = head.account_id
            and seals.sequence + octet_length(hashes) / 32 - 1 >= head.sequence))";
        until("the logs are sealed", async || {
            let behind: bool =
                sqlx::query_scalar(behind).fetch_one(self.pool()).await.expect("seals");
            (!behind).then_some(())
        })
        .await;
    }

    /// A browser that is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.server.address())
    }

    /// A new account, whose owner is signed in.
    pub async fn account(&self, slug: &str) -> Account {
        let slug = Slug::parse(slug).expect("a slug");
        let email = Email::parse(&format!("olive@{slug}.example")).expect("an address");
        let new = NewAccount {
            slug: slug.clone(),
            name: Name::parse(slug.as_str()).expect("a name"),
            owner_email: email.clone(),
            owner_name: Name::parse("Olive Marsh").expect("a name"),
        };
        let founded = accounts::create(&self.log, new).await.expect("a new account");
        self.set_password(founded.identity_id).await;
        let owner = self.person(founded.identity_id, &slug, &email).await;
        Account { slug, owner }
    }

    /// Somebody more in an account, who is signed in.
    pub async fn member(&self, account: &Account, name: &str, role: Role) -> Person {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let email = Email::parse(&format!("{first}@{}.example", account.slug)).expect("an address");
        let identity = self.welcome(account, &email, name, role).await;
        self.person(identity, &account.slug, &email).await
    }

    /// Somebody is invited to an account, for the first time or again, and comes.
    pub async fn welcome(
        &self,
        account: &Account,
        email: &Email,
        name: &str,
        role: Role,
    ) -> IdentityId {
        let inviter = &account.owner.actor;
        let (_, token) = invitations::invite(&self.log, inviter, email, role, &NoLetters)
            .await
            .expect("an invitation");
        let invitation = invitations::find(self.pool(), account.slug.as_str(), &token).await;
        let name = Name::parse(name).expect("a name");
        let password = Password::parse(PASSWORD).expect("a password");
        let invitation = invitation.expect("the invitation");
        let identity = invitations::accept(&self.log, &invitation, name, Some(&password)).await;
        identity.expect("a new member")
    }

    async fn set_password(&self, identity: IdentityId) {
        let hashed = Password::parse(PASSWORD).expect("a password").hash().await;
        let mut connection = self.pool().acquire().await.expect("a connection");
        cairn::domain::identities::set_password(&mut connection, identity, &hashed)
            .await
            .expect("a password is set");
    }

    async fn person(&self, identity: IdentityId, slug: &Slug, email: &Email) -> Person {
        let actor = self.actor(identity, slug).await;
        let client = self.stranger();
        client.get("/session").await.expect(200);
        let fields = [("email", email.as_str()), ("password", PASSWORD)];
        client.submit(reqwest::Method::POST, "/session", &fields).await.expect(303);
        client.get(&format!("/{slug}")).await.expect(200);
        Person { client, actor, email: email.clone(), pool: self.pool().clone() }
    }

    async fn actor(&self, identity: IdentityId, slug: &Slug) -> Actor {
        let id = sign_ins::start(self.pool(), identity, None, "test").await.expect("a sign-in");
        let actor = sign_ins::resolve(self.pool(), id, slug.as_str(), None).await;
        sign_ins::revoke(self.pool(), id).await.expect("a sign-in");
        actor.expect("a database").expect("a member")
    }

    /// A bearer token of a person.
    pub async fn token(&self, person: &Person, scope: cairn::values::Scope) -> Secret {
        let name = Name::parse("test").expect("a name");
        let slug = &person.actor.account.slug;
        let token = cairn::domain::tokens::issue(&self.log, slug, &person.email, name, scope).await;
        token.expect("a token")
    }

    /// A program that asks the API with a new token of a person.
    pub async fn program(&self, person: &Person, scope: cairn::values::Scope) -> Program {
        let token = self.token(person, scope).await;
        Program::new(self.server.address(), &person.actor.account.slug, token)
    }

    /// How many activities the account has.
    pub async fn activities(&self, account: &Account) -> i64 {
        let query = "select count(*) from activities where account_id = $1";
        let id = account.owner.actor.account.id.uuid();
        sqlx::query_scalar(query).bind(id).fetch_one(self.pool()).await.expect("a count")
    }

    /// The names of the kinds that the account’s log has after so many activities, in order.
    pub async fn recorded(&self, account: &Account, after: i64) -> Vec<String> {
        let query = "select subject_type from activities
                     where account_id = $1 and sequence > $2 order by sequence";
        let query = sqlx::query_scalar(query).bind(account.owner.actor.account.id.uuid());
        query.bind(after).fetch_all(self.pool()).await.expect("the log")
    }

    /// The log of this test may have a warning with these words.
    pub fn expect_warning(&mut self, words: &'static str) {
        self.expected.push(words);
    }

    fn is_expected(&self, line: &str) -> bool {
        self.expected.iter().any(|words| line.contains(words))
    }

    /// Ends the test: what is owed has been done, the server stops cleanly, and it logged nothing
    /// that an operator would have to look into.
    pub async fn finish(mut self) {
        self.finished = true;
        let pool = self.pool().clone();
        until("the queue to be empty", async || (owed(&pool).await == 0).then_some(())).await;
        let status = self.server.stop().await;
        let log = self.server.log();
        assert!(status.success(), "{status}:\n{}", log.join("\n"));
        let loud: Vec<&String> =
            log.iter().filter(|line| is_loud(line) && !self.is_expected(line)).collect();
        assert!(loud.is_empty(), "the log has: {loud:#?}");
        pool.close().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.finished || thread::panicking(), "end the test with `app.finish().await`");
    }
}

/// A statement that took long says more about what else ran on the machine than about the program.
pub fn is_loud(line: &str) -> bool {
    (line.contains(" WARN ") || line.contains("ERROR ")) && !line.contains("slow statement")
}

/// How much is waiting to be done now; what is to be tried again later is not counted.
async fn owed(pool: &PgPool) -> i64 {
    let mut owed = 0;
    for (table, condition) in
        [("webhook_due", "due_at <= now()"), ("mq_msgs", "attempt_at <= now()")]
    {
        let there: Option<String> = sqlx::query_scalar("select to_regclass($1)::text")
            .bind(table)
            .fetch_one(pool)
            .await
            .expect("pg_catalog");
        if there.is_some() {
            let query = format!("select count(*) from {table} where {condition}");
            let count: i64 = sqlx::query_scalar(&query).fetch_one(pool).await.expect("a count");
            owed += count;
        }
    }
    owed
}
