//! Letters: owed with what they tell of, sent once, tried again, and given up in sight.

mod heads;
mod notices;
mod outbox;
mod password_links;

use sqlx::PgPool;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::mail_server::{Answer, MailServer};
use crate::support::people::Person;
use crate::support::server::{Server, until};
use reqwest::Method;

const NOT_SENT: &str = "a letter was not sent";

async fn invite(owner: &Person, email: &str) {
    owner.post("invitations", &[("email", email), ("role", "member")]).await.expect(201);
}

/// What is said of the newest letter: its tries, and what was in the way.
async fn tried(pool: &PgPool) -> (i32, String) {
    let query = "select tries, coalesce(error_message, '') from letters order by id desc limit 1";
    sqlx::query_as(query).fetch_one(pool).await.expect("a letter")
}

/// Waits until the newest letter has been tried so often and is nobody's.
async fn was_tried(pool: &PgPool, tries: i32) -> String {
    until("a try", async || {
        let (so_far, why) = tried(pool).await;
        (so_far == tries).then_some(why)
    })
    .await
}

/// Moves the clock of letters that wait.
async fn make_due(pool: &PgPool) {
    let query = "update letters set due_at = now() where due_at is not null";
    sqlx::query(query).execute(pool).await.expect("a letter is due");
}

async fn count(pool: &PgPool, condition: &str) -> i64 {
    let query = format!("select count(*) from letters where {condition}");
    sqlx::query_scalar(&query).fetch_one(pool).await.expect("a count")
}

#[tokio::test]
async fn an_invitation_arrives_with_a_link_that_works() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let account = app.account("northfold").await;
    invite(&account.owner, "rowan@example.com").await;

    let letter = relay.has(1, "rowan@example.com").await;
    assert_eq!(letter.from, "cairn@northfold.example");
    assert_eq!(letter.header("Subject"), "Olive Marsh invited you to northfold");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    assert!(letter.header("Content-Type").starts_with("multipart/alternative"));
    let invitation = letter.link("/invitations/");
    let rowan = app.stranger();
    assert!(rowan.get(&invitation).await.expect(200).body.contains("Join northfold"));
    let fields = [("name", "Rowan"), ("password", PASSWORD)];
    let joined = rowan.submit(Method::POST, &format!("{invitation}/acceptance"), &fields).await;
    assert_eq!(joined.expect(303).header("location"), "/northfold");

    // What it said is kept no longer than it was needed.
    until("the record", async || {
        let kept = "sent_at is not null and sealed_words is null and due_at is null";
        (count(app.pool(), kept).await == 1).then_some(())
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn the_api_sends_a_letter_too() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let account = app.account("northfold").await;
    let program = app.program(&account.owner, cairn::values::Scope::Admin).await;
    let new = serde_json::json!({ "email": "rowan@example.com", "role": "member" });
    let made = program.post("invitations", &new).await.expect(201).json();
    let url = made["url"].as_str().expect("an address").to_owned();
    let letter = relay.has(1, "rowan@example.com").await;
    assert!(url.ends_with(&letter.link("/invitations/")), "{url}");
    app.finish().await;
}

#[tokio::test]
async fn what_could_not_be_sent_today_is_tried_again() {
    let relay = MailServer::start().await;
    let mut app = TestApp::start_with_mail(&relay).await;
    app.expect_warning(NOT_SENT);
    let owner = app.account("northfold").await.owner;
    relay.will_answer([Answer::Say("451 Greylisted"), Answer::HangUp, Answer::Say("535 Who?")]);
    invite(&owner, "rowan@example.com").await;
    for (tries, why) in [(1, "Greylisted"), (2, "mail server"), (3, "535")] {
        let said = was_tried(app.pool(), tries).await;
        assert!(said.contains(why), "{said}");
        assert_eq!(count(app.pool(), "due_at > now() and given_up_at is null").await, 1);
        make_due(app.pool()).await;
    }
    relay.has(1, "rowan@example.com").await;
    assert_eq!(relay.tries(), 4);
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_is_final_and_seen() {
    let relay = MailServer::start().await;
    let mut app = TestApp::start_with_mail(&relay).await;
    app.expect_warning(NOT_SENT);
    let owner = app.account("northfold").await.owner;
    relay.will_answer([Answer::Say("550 No such user here")]);
    invite(&owner, "rowan@example.com").await;
    was_tried(app.pool(), 1).await;
    assert_eq!(count(app.pool(), "given_up_at is not null and due_at is null").await, 1);
    assert_eq!(count(app.pool(), "sealed_words is not null").await, 0);
    let page = owner.get("outbox").await.expect(200).body;
    assert!(page.contains("No such user here") && page.contains("Refused"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_letter_of_long_ago_is_not_sent() {
    let relay = MailServer::start().await;
    let mut app = TestApp::start().await;
    app.expect_warning(NOT_SENT);
    let owner = app.account("northfold").await.owner;
    invite(&owner, "rowan@example.com").await;
    let query = "update letters set created_at = created_at - interval '4 days'";
    sqlx::query(query).execute(app.pool()).await.expect("an old letter");
    app.server.stop().await;
    app.server = Server::start_with_mail(&app.database.url().await, &relay.url()).await;
    let why = was_tried(app.pool(), 1).await;
    assert!(why.contains("three days"), "{why}");
    assert_eq!(relay.tries(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_letter_sent_twice_is_recognised() {
    let relay = MailServer::start().await;
    let mut app = TestApp::start_with_mail(&relay).await;
    app.expect_warning(NOT_SENT);
    let owner = app.account("northfold").await.owner;
    relay.will_answer([Answer::TakeAndHangUp]);
    invite(&owner, "rowan@example.com").await;
    was_tried(app.pool(), 1).await;
    make_due(app.pool()).await;
    let (first, second) =
        (relay.has(1, "rowan@example.com").await, relay.has(2, "rowan@example.com").await);
    assert!(first.header("Message-ID").ends_with("@northfold.example>"));
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!(first.header("Date"), second.header("Date"));
    app.finish().await;
}

#[tokio::test]
async fn a_crash_loses_no_letter() {
    let relay = MailServer::start().await;
    let mut app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    relay.will_answer([Answer::Hang]);
    invite(&owner, "rowan@example.com").await;
    until("a letter under way", async || (relay.tries() == 1).then_some(())).await;
    app.server.kill().await;
    assert_eq!(count(app.pool(), "tries = 0 and lease_id is not null").await, 1);
    app.server = Server::start_with_mail(&app.database.url().await, &relay.url()).await;
    // The lease of the process that died ends.
    make_due(app.pool()).await;
    relay.has(1, "rowan@example.com").await;
    // So does that of its jobs.
    let query = "delete from mq_msgs where attempt_at > now() + interval '5 seconds' \
                 and created_at < (select max(created_at) from mq_msgs) - interval '1 second'";
    sqlx::query(query).execute(app.pool()).await.expect("the queue");
    app.finish().await;
}

#[tokio::test]
async fn two_processes_send_each_letter_once() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let mut second = Server::start_with_mail(&app.database.url().await, &relay.url()).await;
    for number in 0..12 {
        invite(&owner, &format!("guest{number}@example.com")).await;
    }
    until("all of them to be sent", async || {
        (count(app.pool(), "sent_at is not null").await == 12).then_some(())
    })
    .await;
    let mut to: Vec<String> = relay.letters().into_iter().map(|letter| letter.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), relay.tries()), (12, 12));
    second.stop().await;
    app.finish().await;
}
