//! The head of the log by mail: to owners who want it, as often as they want it, and as it verifies.

use cairn::domain::{self, erasures};
use cairn::events::Log;
use cairn::events::chain::Head;
use cairn::mail::{self, Outgoing};
use cairn::notifications::{self, heads};
use cairn::values::secret::KeyRing;
use cairn::values::{Every, Role, clock};
use reqwest::Method;
use time::{Duration, OffsetDateTime};

use super::count;
use crate::backup::{TestFile, cairn};
use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::mail_server::{MailServer, Received};
use crate::support::people::Person;
use crate::support::server::SECRET_KEY;

const CHOICE: &str = "audit/head/letters";

fn keys() -> KeyRing {
    KeyRing::new(SECRET_KEY.as_bytes(), None)
}

fn outgoing(app: &TestApp) -> Outgoing {
    Outgoing::new(keys(), app.server.address())
}

/// Somebody chooses how often the head comes to them.
async fn choose(person: &Person, every: &str) {
    person.patch(CHOICE, &[("every", every)]).await.expect(303);
}

/// Owes what is due, as a server does each minute.
async fn owe(app: &TestApp) -> usize {
    try_to_owe(app).await.expect("a database")
}

async fn try_to_owe(app: &TestApp) -> domain::Result<usize> {
    notifications::owe_heads(app.pool(), &outgoing(app), &keys(), clock::now()).await
}

/// Lets some days pass, and looks who is due.
async fn days_later(app: &TestApp, days: i32) -> usize {
    let query = "update head_letters set chosen_at = chosen_at - make_interval(days => $1),
        due_at = due_at - make_interval(days => $1)";
    sqlx::query(query).bind(days).execute(app.pool()).await.expect("days pass");
    owe(app).await
}

async fn chosen(app: &TestApp, person: &Person) -> Option<heads::Choice> {
    heads::chosen(app.pool(), &person.actor).await.expect("a choice")
}

/// How many people the head comes to.
async fn chosen_by(app: &TestApp) -> i64 {
    let count = sqlx::query_scalar("select count(*) from head_letters").fetch_one(app.pool());
    count.await.expect("a count")
}

async fn activities(app: &TestApp) -> i64 {
    let count = sqlx::query_scalar("select count(*) from activities").fetch_one(app.pool());
    count.await.expect("a count")
}

/// The head in a letter, which the real command finds in the log.
async fn verified(app: &TestApp, letter: &Received) -> Head {
    let (name, json) = letter.attachment();
    let head = Head::parse(&json).expect("a head");
    assert_eq!(name, format!("northfold-head-{}.json", head.sequence));
    let file = TestFile::holding("head-by-mail", &json);
    let (done, said) = cairn(["verify", "--head", file.path()], &app.database.url().await).await;
    assert!(done, "{said}");
    head
}

async fn something_happens(app: &TestApp, account: &Account) {
    account.owner.create_board("Spring catalogue").await;
    app.is_sealed().await;
}

#[tokio::test]
async fn an_owner_is_sent_each_new_head_once_and_it_verifies() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let account = app.account("northfold").await;
    let (owner, email) = (&account.owner, account.owner.email.as_str());
    something_happens(&app, &account).await;
    let saved = owner.patch(CHOICE, &[("every", "day")]).await.expect(303);
    let page = owner.client.get(saved.header("location")).await.expect(200).body;
    assert!(page.contains("Your choice is saved."), "{page}");
    assert!(page.contains("value=\"day\" checked"), "{page}");

    owe(&app).await;
    let letter = relay.has(1, email).await;
    let first = verified(&app, &letter).await;
    let subject = format!("The head of the log of northfold at {}", first.sequence);
    assert_eq!(letter.header("Subject"), subject);
    assert!(letter.header("Content-Type").starts_with("multipart/mixed"));
    let text = letter.text();
    for line in [
        format!("- Up to number {}", first.sequence),
        format!("- SHA-256 {}", first.hash),
        format!("Check it with: cairn verify --head northfold-head-{}.json", first.sequence),
    ] {
        assert!(text.lines().any(|said| said == line), "no {line:?} in {text}");
    }
    let due_at = chosen(&app, owner).await.expect("a choice").due_at;
    let in_a_day = clock::now() + Duration::days(1);
    assert!(clock::now() < due_at && due_at <= in_a_day, "{due_at}");
    let page = owner.get("audit").await.expect(200).body;
    assert!(page.contains("The next one is due on"), "{page}");
    assert_eq!(owe(&app).await, 0, "it is not due");

    // Nothing has happened since, but the days go on.
    assert_eq!(days_later(&app, 1).await, 0);
    assert!(chosen(&app, owner).await.expect("a choice").due_at > clock::now());
    // After a standstill there is one letter, not one for each day.
    something_happens(&app, &account).await;
    days_later(&app, 40).await;
    let second = verified(&app, &relay.has(2, email).await).await;
    assert!(second.sequence > first.sequence, "{second:?}");
    assert!(chosen(&app, owner).await.expect("a choice").due_at > clock::now());
    assert_eq!((owe(&app).await, count(app.pool(), "true").await), (0, 2));
    app.finish().await;
}

#[tokio::test]
async fn a_choice_is_changed_and_taken_back_and_saying_it_twice_sends_nothing() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    something_happens(&app, &account).await;
    assert!(owner.get("audit").await.expect(200).body.contains("value=\"never\" checked"));
    let before = activities(&app).await;
    for every in Every::ALL {
        choose(owner, every.as_str()).await;
        // The first choice brings a head at once; another brings none that was sent already.
        assert_eq!(owe(&app).await, usize::from(every == Every::Day));
        let choice = chosen(&app, owner).await.expect("a choice");
        assert_eq!(choice.every, every);
        choose(owner, every.as_str()).await;
        assert_eq!(chosen(&app, owner).await, Some(choice), "it goes on as it did");
    }
    owner.patch(CHOICE, &[("every", "hour")]).await.expect(422);
    choose(owner, "never").await;
    assert_eq!((chosen(&app, owner).await, owe(&app).await), (None, 0));
    assert_eq!(activities(&app).await, before, "a preference is no event");
    app.finish().await;
}

#[tokio::test]
async fn only_owners_choose() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    for (name, role) in [("Tomas", Role::Admin), ("Amara", Role::Member)] {
        let person = app.member(&account, name, role).await;
        person.patch(CHOICE, &[("every", "day")]).await.expect(403);
        if role == Role::Admin {
            let page = person.get("audit").await.expect(200).body;
            assert!(page.contains("audit/head") && !page.contains(CHOICE), "{page}");
        }
    }
    assert!(account.owner.get("audit").await.expect(200).body.contains(CHOICE));
    assert_eq!(chosen_by(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn whoever_is_no_owner_any_more_gets_none() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let tomas = app.member(&account, "Tomas", Role::Owner).await;
    something_happens(&app, &account).await;
    choose(&tomas, "day").await;
    owner.patch(&tomas.place(), &[("role", "owner")]).await.expect(303);
    assert_eq!(chosen_by(&app).await, 1, "the role is the same");
    owner.patch(&tomas.place(), &[("role", "admin")]).await.expect(303);
    assert_eq!((chosen_by(&app).await, owe(&app).await), (0, 0));

    // What a choice of the same moment leaves behind is noticed when it is due.
    wants(&app, &tomas).await;
    assert_eq!((owe(&app).await, chosen_by(&app).await), (0, 0));

    wants(&app, &tomas).await;
    owner.delete(&tomas.place()).await.expect(303);
    assert_eq!(chosen_by(&app).await, 0);
    wants(&app, &tomas).await;
    let log = Log::new(app.pool().clone(), Vec::new());
    erasures::erase(&log, &owner.actor, tomas.actor.user_id).await.expect("an erasure");
    assert_eq!((chosen_by(&app).await, count(app.pool(), "true").await), (0, 0));
    app.finish().await;
}

/// A choice as the table has it, whatever somebody may choose.
async fn wants(app: &TestApp, person: &Person) {
    let query = "insert into head_letters (account_id, user_id, every, chosen_at, due_at)
        values ($1, $2, 'day', now(), now())";
    let (account, user) = (person.actor.account.id.uuid(), person.actor.user_id.uuid());
    let query = sqlx::query(query).bind(account).bind(user);
    query.execute(app.pool()).await.expect("a choice");
}

#[tokio::test]
async fn several_processes_write_each_letter_once() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let account = app.account("northfold").await;
    let others = [
        app.member(&account, "Tomas", Role::Owner).await,
        app.member(&account, "Amara", Role::Owner).await,
    ];
    something_happens(&app, &account).await;
    let owners = || others.iter().chain([&account.owner]);
    for owner in owners() {
        choose(owner, "week").await;
    }
    tokio::join!(owe(&app), owe(&app), owe(&app), owe(&app));
    owe(&app).await;
    for owner in owners() {
        relay.has(1, owner.email.as_str()).await;
    }
    assert_eq!(count(app.pool(), "true").await, 3);
    app.finish().await;
}

#[tokio::test]
async fn what_fails_in_between_is_written_the_next_time() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    something_happens(&app, &account).await;
    choose(&account.owner, "month").await;
    let due_at =
        async || -> OffsetDateTime { chosen(&app, &account.owner).await.expect("a choice").due_at };
    let before = due_at().await;
    let breaks = "alter table letters add constraint broken check (false) not valid";
    sqlx::query(breaks).execute(app.pool()).await.expect("a table that takes nothing");
    assert!(try_to_owe(&app).await.is_err());
    assert_eq!(due_at().await, before);
    let mends = "alter table letters drop constraint broken";
    sqlx::query(mends).execute(app.pool()).await.expect("a table");
    assert_eq!((owe(&app).await, owe(&app).await), (1, 0));
    assert!(due_at().await > clock::now() + Duration::days(27));
    app.finish().await;
}

#[tokio::test]
async fn one_click_ends_heads_and_nothing_else() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    something_happens(&app, &account).await;
    choose(owner, "day").await;
    owe(&app).await;
    let letter = relay.has(1, owner.email.as_str()).await;
    assert_eq!(letter.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let path = letter.link("/unsubscriptions/");
    assert!(letter.header("List-Unsubscribe").contains(&path));

    let program = app.stranger();
    let asked = program.get(&path).await.expect(200).body;
    assert!(asked.contains("the head of the log is not sent"), "{asked}");
    assert!(chosen(&app, owner).await.is_some(), "a program that looks at links ends nothing");
    let request = program.request(Method::POST, &path);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    program.send(request.body("List-Unsubscribe=One-Click")).await.expect(200);
    assert_eq!(chosen(&app, owner).await, None);
    let (account, user) = (owner.actor.account.id, owner.actor.user_id);
    assert!(notifications::wants_letters(app.pool(), account, user).await.expect("a choice"));
    app.finish().await;
}

#[tokio::test]
async fn only_its_recipient_reads_it_in_the_outbox_with_the_file() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let tomas = app.member(&account, "Tomas", Role::Owner).await;
    something_happens(&app, &account).await;
    choose(&account.owner, "week").await;
    owe(&app).await;
    let outgoing = outgoing(&app);
    for (person, reads) in [(&account.owner, true), (&tomas, false)] {
        let letters = mail::of_account(app.pool(), &person.actor, Some(&outgoing)).await;
        let letters = letters.expect("an outbox");
        let file = letters[0].attachment.as_ref().map(|file| Head::parse(&file.json).is_ok());
        assert_eq!((letters.len(), file), (1, reads.then_some(true)));
        assert_eq!(letters[0].text.is_some(), reads);
    }
    app.finish().await;
}
