//! Every route and API call, tried with somebody else's account: not found, each time.
//!
//! The routes are read from the table that the router is made of, so none can be forgotten.

use cairn::domain::{NoLetters, invitations};
use cairn::events::Log;
use cairn::notifications::off::{self, About};
use cairn::values::id::{DeliveryId, ReplayId};
use cairn::values::secret::KeyRing;
use cairn::values::{Email, Role, Scope};
use cairn::web::route::{Kind, Names, Route, Verb, Who};
use cairn::web::routes::table;
use reqwest::Method;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::server::SECRET_KEY;

/// What there is in an account, so that a path can name it.
struct Things {
    slug: String,
    board: String,
    column: String,
    card: String,
    comment: String,
    tag: String,
    invitation: String,
    waiting_invitation: String,
    endpoint: String,
    event: String,
    token: String,
    member: String,
    sign_in: String,
    unsubscription: String,
}

impl Things {
    async fn of(app: &TestApp, account: &Account) -> Self {
        let owner = &account.owner;
        let board = owner.create_board("Spring catalogue").await;
        let column = owner.add_column(board, "Doing").await;
        let card = owner.add_card(board, column, "Write the letter").await;
        owner.comment(card, "It reads well.").await.expect(303);
        owner.post(&format!("cards/{card}/tags"), &[("name", "print")]).await.expect(303);
        app.token(owner, Scope::Admin).await;
        Self {
            slug: account.slug.to_string(),
            board: board.to_string(),
            column: column.to_string(),
            card: card.to_string(),
            comment: newest(app.pool(), "comments").await,
            tag: newest(app.pool(), "tags").await,
            invitation: invitation(app, owner).await,
            waiting_invitation: newest(app.pool(), "invitations").await,
            endpoint: endpoint(app, owner).await,
            event: newest(app.pool(), "activities").await,
            token: newest(app.pool(), "tokens").await,
            member: owner.actor.user_id.to_string(),
            sign_in: sign_in(app.pool(), owner).await,
            unsubscription: unsubscription(owner),
        }
    }

    fn named(&self, names: Names) -> String {
        match names {
            Names::Account => self.slug.clone(),
            Names::Board => self.board.clone(),
            Names::Column => self.column.clone(),
            Names::Grantee => "everyone".to_owned(),
            Names::Card => self.card.clone(),
            Names::Comment => self.comment.clone(),
            Names::Tag => self.tag.clone(),
            Names::Invitation => self.invitation.clone(),
            Names::Endpoint => self.endpoint.clone(),
            Names::Event => self.event.clone(),
            Names::Token => self.token.clone(),
            Names::Member => self.member.clone(),
            Names::WaitingInvitation => self.waiting_invitation.clone(),
            Names::SignIn => self.sign_in.clone(),
            Names::Unsubscription => self.unsubscription.clone(),
            // Replays and deliveries are asked for below an endpoint, which is somebody else's already.
            Names::Delivery => DeliveryId::new().to_string(),
            Names::Replay => ReplayId::new().to_string(),
            other => panic!("say in tenancy.rs what {other:?} names"),
        }
    }

    /// The path of a route with the things of this account, below this slug.
    fn path(&self, route: &Route, slug: &str) -> String {
        let mut names = route.names.iter();
        let parts = route.path.split('/').map(|part| match part.starts_with('{') {
            true => match names.next().expect("a name for each parameter") {
                Names::Account => slug.to_owned(),
                other => self.named(*other),
            },
            false => part.to_owned(),
        });
        let path = parts.collect::<Vec<_>>().join("/");
        match path.ends_with("/search") {
            true => path + "?q=letter",
            false => path,
        }
    }
}

async fn newest(pool: &PgPool, table: &str) -> String {
    let query = format!("select id from {table} order by created_at desc limit 1");
    let id: Uuid = sqlx::query_scalar(&query).fetch_one(pool).await.expect("it was just made");
    id.to_string()
}

/// Where somebody is signed in.
async fn sign_in(pool: &PgPool, person: &Person) -> String {
    let query = "select s.id from sign_ins s join users u on u.identity_id = s.identity_id
                 where u.id = $1 and s.revoked_at is null";
    let id: Uuid = sqlx::query_scalar(query)
        .bind(person.actor.user_id.uuid())
        .fetch_one(pool)
        .await
        .expect("they are signed in");
    id.to_string()
}

async fn invitation(app: &TestApp, owner: &Person) -> String {
    let log = Log::new(app.pool().clone(), Vec::new());
    let email = Email::parse("rowan@example.com").expect("an address");
    let invited = invitations::invite(&log, &owner.actor, &email, Role::Member, &NoLetters).await;
    invited.expect("an invitation").1.reveal().to_owned()
}

fn unsubscription(owner: &Person) -> String {
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    off::token(&keys, About::Notices, owner.actor.account.id, owner.actor.user_id)
}

async fn endpoint(app: &TestApp, owner: &Person) -> String {
    if !table().any(|route| route.names.contains(&Names::Endpoint)) {
        return String::new();
    }
    let fields = [("url", "http://127.0.0.1:9/"), ("events", "*")];
    owner.post("webhooks", &fields).await.expect(201);
    newest(app.pool(), "webhook_endpoints").await
}

/// Routes below an account that are not open to whoever has their address.
fn routes() -> impl Iterator<Item = &'static Route> {
    table().filter(|route| route.names.first() == Some(&Names::Account))
}

fn method(verb: Verb) -> Method {
    verb.as_str().parse().expect("a method")
}

/// What a write of this route takes, so that it is refused for the account and for nothing else.
fn fields<'a>(route: &Route, things: &'a Things) -> Vec<(&'a str, &'a str)> {
    match route.path.rsplit('/').next().unwrap_or_default() {
        "boards" | "columns" => vec![("name", "Stolen")],
        "cards" => vec![("title", "Stolen"), ("column_id", &things.column)],
        "{number}" | "{card}" => vec![("title", "Stolen")],
        "moves" if route.names.contains(&Names::Column) => Vec::new(),
        "accesses" => vec![("user_id", "everyone")],
        "moves" => vec![("column_id", &things.column)],
        "comments" | "{comment}" => vec![("body", "Stolen")],
        "assignments" => vec![("user_id", &things.member)],
        "tags" => vec![("name", "Stolen")],
        "board_moves" => vec![("board_id", &things.board)],
        "{member}" => vec![("role", "member")],
        "tokens" => vec![("name", "Stolen"), ("scope", "read")],
        _ => Vec::new(),
    }
}

async fn ask(person: &Person, token: &str, route: &Route, path: &str, things: &Things) -> Answer {
    let fields = fields(route, things);
    let method = method(route.verb);
    match route.kind {
        Kind::Api => {
            let request = person.client.request(method, path).bearer_auth(token);
            let request = request.header("content-type", "application/json").body(json(&fields));
            person.client.send(request).await
        }
        _ if route.verb == Verb::Get => person.client.get(path).await,
        _ => person.client.submit(method, path, &fields).await,
    }
}

fn json(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
    serde_json::Value::Object(fields.collect()).to_string()
}

#[tokio::test]
async fn another_account_is_never_found() {
    let app = TestApp::start().await;
    let (theirs, ours) = (app.account("theirs").await, app.account("ours").await);
    let things = Things::of(&app, &theirs).await;
    let token = app.token(&ours.owner, Scope::Admin).await;
    let before = app.activities(&theirs).await;

    let mut found = Vec::new();
    for route in routes() {
        let mut paths = Vec::new();
        if route.who != Who::Public {
            paths.push(things.path(route, &things.slug));
        }
        if route.names.len() > 1 {
            paths.push(things.path(route, ours.slug.as_str()));
        }
        for path in paths {
            let answer = ask(&ours.owner, token.reveal(), route, &path, &things).await;
            if answer.status != 404 {
                found.push(format!("{} {path}: {}", route.verb.as_str(), answer.status));
            }
        }
    }
    assert!(found.is_empty(), "reached with another account's session or token: {found:#?}");
    assert_eq!(app.activities(&theirs).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn whoever_belongs_there_finds_all_of_it() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let things = Things::of(&app, &account).await;
    let token = app.token(&account.owner, Scope::Admin).await;
    let is_there = |names: &Names| ![Names::Delivery, Names::Replay].contains(names);
    let readable = routes().filter(|route| route.verb == Verb::Get);
    for route in readable.filter(|route| route.names.iter().all(is_there)) {
        let path = things.path(route, &things.slug);
        let answer = ask(&account.owner, token.reveal(), route, &path, &things).await;
        assert!(answer.status.as_u16() < 400, "GET {path}: {}", answer.status);
    }
    app.finish().await;
}
