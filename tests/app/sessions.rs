//! Signing in and out: where it leads, and how long it lasts.

use cairn::web::kept::Kept;
use cairn::web::session;
use reqwest::Method;
use time::Duration;
use tower_sessions::SessionStore as _;
use tower_sessions::session::Record;
use tower_sessions_sqlx_store::PostgresStore;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};
use crate::support::people::Person;
use crate::support::server::until;

/// Signs in as a page does: with the fields that the sign-in page shows.
async fn sign_in_at(client: &Client, path: &str, person: &Person) -> Answer {
    let page = client.get(path).await.expect(200);
    let mut fields = vec![("email", person.email.as_str()), ("password", PASSWORD)];
    let return_to = field(&page, "return_to");
    fields.extend(return_to.as_deref().map(|path| ("return_to", path)));
    client.submit(Method::POST, "/session", &fields).await.expect(303)
}

/// What stands in a hidden field of a page.
fn field(page: &Answer, name: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

#[tokio::test]
async fn whoever_asked_for_a_page_is_there_after_signing_in() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let path = "/northfold/activity?before=7&kind=card.moved";
    let client = app.stranger();
    let sent = client.get(path).await.expect(303);
    let session = sent.header("location").to_owned();
    assert_eq!(
        session,
        "/session?return_to=%2Fnorthfold%2Factivity%3Fbefore%3D7%26kind%3Dcard.moved"
    );
    let there = sign_in_at(&client, &session, &account.owner).await;
    assert_eq!(there.header("location"), path);
    client.get(path).await.expect(200);
    // Whoever is signed in already has nothing to do at the sign-in page.
    assert_eq!(client.get(&session).await.expect(303).header("location"), path);
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_password_does_not_lose_the_page() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let client = app.stranger();
    client.get("/session").await.expect(200);
    let wrong = [
        ("email", account.owner.email.as_str()),
        ("password", "not the password"),
        ("return_to", "/northfold/members"),
    ];
    let again = client.submit(Method::POST, "/session", &wrong).await.expect(422);
    assert_eq!(field(&again, "return_to").as_deref(), Some("/northfold/members"));
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_sent_to_another_server() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    for elsewhere in ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example/"] {
        let client = app.stranger();
        let page = client.get(&format!("/session?return_to={elsewhere}")).await.expect(200);
        assert_eq!(field(&page, "return_to"), None, "{elsewhere}");
        let fields = [
            ("email", account.owner.email.as_str()),
            ("password", PASSWORD),
            ("return_to", elsewhere),
        ];
        let answer = client.submit(Method::POST, "/session", &fields).await.expect(303);
        assert_eq!(answer.header("location"), "/", "{elsewhere}");
    }
    app.finish().await;
}

#[tokio::test]
async fn only_pages_are_come_back_to() {
    let app = TestApp::start().await;
    app.account("northfold").await;
    let client = app.stranger();
    client.get("/session").await.expect(200);
    let sent = client.submit(Method::POST, "/northfold/boards", &[("name", "A")]).await;
    assert_eq!(sent.expect(303).header("location"), "/session");
    assert_eq!(client.get("/").await.expect(303).header("location"), "/session");
    let script = client.request(Method::GET, "/northfold").header("accept", "application/json");
    client.send(script).await.expect(401);
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_come_back_to() {
    let app = TestApp::start().await;
    let northfold = app.account("northfold").await;
    let southfold = app.account("southfold").await;
    let (owner, guest) = (&northfold.owner, &southfold.owner);
    let fields = [("email", guest.email.as_str()), ("role", "member")];
    let made = owner.post("invitations", &fields).await.expect(201);
    let (_, link) = made.body.split_once("/northfold/invitations/").expect("a link");
    let token = link.split('<').next().expect("its end");
    let invitation = format!("/northfold/invitations/{token}");
    let session = format!("/session?return_to=%2Fnorthfold%2Finvitations%2F{token}");

    // A stranger is asked to sign in; somebody else, to sign out before.
    let client = app.stranger();
    let page = client.get(&invitation).await.expect(200);
    assert!(
        page.body
            .contains(&format!("<a class=\"button button--ink button--wide\" href=\"{session}\""))
    );
    let other = owner.client.at(app.server.address());
    let page = other.get(&invitation).await.expect(200);
    assert!(page.body.contains(&format!("<form action=\"{session}\"")), "{}", page.body);
    let out = other.submit(Method::DELETE, &session, &[]).await.expect(303);
    assert_eq!(out.header("location"), session);

    let back = sign_in_at(&client, &session, guest).await;
    assert_eq!(back.header("location"), invitation);
    assert!(client.get(&invitation).await.expect(200).body.contains("Join northfold"));
    let joined = client.submit(Method::POST, &format!("{invitation}/acceptance"), &[]).await;
    assert_eq!(joined.expect(303).header("location"), "/northfold");
    client.get("/northfold").await.expect(200);
    app.finish().await;
}

/// The session that a browser's cookie leads to, as it is stored.
async fn stored(app: &TestApp, client: &Client) -> Record {
    let id = client.cookies()[session::COOKIE].parse().expect("the id of a session");
    let store = PostgresStore::new(app.pool().clone());
    store.load(&id).await.expect("a database").expect("a session")
}

/// Makes a session as old as one that was last renewed so many days ago.
async fn age(app: &TestApp, mut record: Record, days: i64) {
    let kept = record.data.get_mut("cairn").expect("what a session holds");
    let mut held: Kept = serde_json::from_value(kept.clone()).expect("what a session holds");
    held.renewed_on -= Duration::days(days);
    *kept = serde_json::to_value(held).expect("JSON");
    record.expiry_date -= Duration::days(days);
    let store = PostgresStore::new(app.pool().clone());
    store.save(&record).await.expect("a database");
}

#[tokio::test]
async fn a_session_that_is_used_does_not_end() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let client = &account.owner.client;
    let first = stored(&app, client).await;
    let again = client.get("/northfold").await.expect(200);
    assert_eq!(again.header("set-cookie"), "", "a session is written on every request");
    assert_eq!(stored(&app, client).await, first);

    age(&app, first.clone(), 59).await;
    let renewed = until("a new cookie", async || {
        let answer = client.get("/northfold").await.expect(200);
        answer.headers.get("set-cookie").cloned()
    })
    .await;
    let renewed = renewed.to_str().expect("a cookie");
    assert!(renewed.contains("Max-Age=5184000"), "{renewed}");
    let anew = stored(&app, client).await;
    assert_eq!((anew.id, &anew.data), (first.id, &first.data));
    assert!(anew.expiry_date >= first.expiry_date, "{anew:?}");
    let after = client.get("/northfold").await.expect(200);
    assert_eq!(after.header("set-cookie"), "", "a session is renewed more than once a day");
    app.finish().await;
}

#[tokio::test]
async fn sessions_that_are_over_are_deleted() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let stranger = app.stranger();
    stranger.get("/session").await.expect(200);
    let old = stored(&app, &stranger).await;
    age(&app, old.clone(), 61).await;
    session::delete_expired(app.pool()).await.expect("a database");
    let store = PostgresStore::new(app.pool().clone());
    assert_eq!(store.load(&old.id).await.expect("a database"), None);
    let left: i64 = sqlx::query_scalar("select count(*) from tower_sessions.session")
        .fetch_one(app.pool())
        .await
        .expect("a count");
    assert_eq!(left, 1, "the session of somebody who comes by is gone, or the old one is not");
    account.owner.get("members").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn too_many_tries_are_told_how_long_to_wait() {
    let app = TestApp::start().await;
    let client = app.stranger();
    client.get("/session").await.expect(200);
    let fields = [("email", "nobody@northfold.example"), ("password", "a guess")];
    let refused = until("a refusal", async || {
        let answer = client.submit(Method::POST, "/session", &fields).await;
        (answer.status == 429).then_some(answer)
    })
    .await;
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&seconds), "{seconds}");
    assert!(refused.body.contains(&format!("Try again in {seconds} second")), "{}", refused.body);
    app.finish().await;
}

#[tokio::test]
async fn each_account_hears_of_a_sign_in_once() {
    let app = TestApp::start().await;
    let (northfold, southfold) = (app.account("northfold").await, app.account("southfold").await);
    let guest = &southfold.owner;
    let fields = [("email", guest.email.as_str()), ("role", "member")];
    let made = northfold.owner.post("invitations", &fields).await.expect(201);
    let (_, link) = made.body.split_once("/northfold/invitations/").expect("a link");
    let token = link.split('<').next().expect("its end");
    let acceptance = format!("/northfold/invitations/{token}/acceptance");
    guest.client.submit(Method::POST, &acceptance, &[]).await.expect(303);
    let before = [app.activities(&northfold).await, app.activities(&southfold).await];

    sign_in_at(&app.stranger(), "/session", guest).await;
    for (account, before) in [&northfold, &southfold].into_iter().zip(before) {
        assert_eq!(app.recorded(account, before).await, ["session_started"]);
    }
    let creators: Vec<Option<uuid::Uuid>> = sqlx::query_scalar(
        "select creator_id from activities where subject_type = 'session_started'
             and account_id = $1 order by sequence desc limit 1",
    )
    .bind(southfold.owner.actor.account.id.uuid())
    .fetch_all(app.pool())
    .await
    .expect("the log");
    assert_eq!(creators, [Some(guest.actor.user_id.uuid())]);
    let feed = northfold.owner.get("activity").await.expect(200);
    assert!(!feed.body.contains("signed in"), "a feed tells who signs in: {}", feed.body);
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_password_is_recorded_once_a_minute_and_an_unknown_address_never() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let before = app.activities(&account).await;
    let wrong = async |email: &str| {
        let client = app.stranger();
        client.get("/session").await.expect(200);
        let fields = [("email", email), ("password", "not the password")];
        client.submit(Method::POST, "/session", &fields).await.expect(422);
    };
    let unknown = || app.server.logged(|line| line.contains("an address that nobody has"));
    wrong(account.owner.email.as_str()).await;
    wrong(account.owner.email.as_str()).await;
    // Refusals are recorded one after the other: once this is told, those before it are.
    wrong("nobody@northfold.example").await;
    assert!(!unknown().await.contains("nobody@"), "the log has an address");
    assert_eq!(app.recorded(&account, before).await, ["session_refused"]);

    let later = "update identities set refused_at = refused_at - interval '1 minute'";
    sqlx::query(later).execute(app.pool()).await.expect("a minute later");
    wrong(account.owner.email.as_str()).await;
    until("the next one", async || (app.recorded(&account, before).await.len() == 2).then_some(()))
        .await;
    let (creator, address): (Option<uuid::Uuid>, Option<uuid::Uuid>) = sqlx::query_as(
        "select creator_id, address_id from activities order by created_at desc limit 1",
    )
    .fetch_one(app.pool())
    .await
    .expect("the log");
    assert!(creator.is_none() && address.is_some(), "{creator:?} {address:?}");
    app.finish().await;
}
