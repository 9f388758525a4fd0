//! Letters about notices: one about everything unread, and none for those who want none.

use std::sync::Arc;

use cairn::events::kinds::webhook_endpoint_failing::WebhookEndpointFailing;
use cairn::events::{Creator, EndpointSnapshot, Log};
use cairn::mail::Outgoing;
use cairn::notifications;
use cairn::values::id::BoardId;
use cairn::values::secret::KeyRing;
use cairn::values::{Role, clock};
use reqwest::Method;
use uuid::Uuid;

use super::count;
use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::mail_server::MailServer;
use crate::support::people::Person;
use crate::support::server::{SECRET_KEY, until};

/// Tomas follows two cards on which Olive has commented.
struct Scene {
    relay: MailServer,
    app: TestApp,
    account: Account,
    tomas: Person,
    board: BoardId,
    cards: [i64; 2],
}

impl Scene {
    async fn set() -> Self {
        let relay = MailServer::start().await;
        let app = TestApp::start_with_mail(&relay).await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let board = tomas.create_board("Spring catalogue").await;
        let column = tomas.add_column(board, "Doing").await;
        let letter = tomas.add_card(board, column, "Write the letter").await;
        let photograph = tomas.add_card(board, column, "Photograph <the> waymarks").await;
        account.owner.comment(letter, "It reads well.").await.expect(303);
        account.owner.comment(letter, "Very “well”.").await.expect(303);
        account.owner.comment(photograph, "Before the snow.").await.expect(303);
        Self { relay, app, account, tomas, board, cards: [letter, photograph] }
    }

    /// Lets a quarter of an hour pass for what is unread, and looks who is due.
    async fn later(&self) -> usize {
        let query =
            "update notifications set letter_due_at = now() where letter_due_at is not null";
        sqlx::query(query).execute(self.app.pool()).await.expect("notices are due");
        let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
        let outgoing = Outgoing::new(keys.clone(), self.app.server.address());
        let log = Log::new(self.app.pool().clone(), Vec::new());
        let owed = notifications::owe_letters(&log, &outgoing, &keys, clock::now()).await;
        owed.expect("a database")
    }

    async fn letters(&self) -> i64 {
        count(self.app.pool(), "true").await
    }
}

#[tokio::test]
async fn one_letter_tells_of_everything_unread() {
    let scene = Scene::set().await;
    scene.later().await;
    let letter = scene.relay.has(1, scene.tomas.email.as_str()).await;
    assert_eq!(letter.header("Subject"), "News on 2 cards in northfold");
    let text = letter.text();
    for line in [
        format!("{} Write the letter", scene.cards[0]),
        "- Olive Marsh commented on Write the letter: “Very “well”.”".to_owned(),
        "- and one thing before that".to_owned(),
        "- Olive Marsh commented on Photograph <the> waymarks: “Before the snow.”".to_owned(),
    ] {
        assert!(text.lines().any(|said| said == line), "no {line:?} in {text}");
    }
    assert!(text.contains("Photograph &lt;the&gt; waymarks</a>"), "{text}");
    scene.tomas.client.get(&letter.link("/cards/")).await.expect(200);
    // What stands in a letter is not told again, and Olive has nothing to be told.
    assert_eq!(scene.later().await, 0);
    assert_eq!(scene.letters().await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn nothing_is_said_before_its_time_nor_after_it_was_read() {
    let scene = Scene::set().await;
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    let outgoing = Outgoing::new(keys.clone(), scene.app.server.address());
    let log = Log::new(scene.app.pool().clone(), Vec::new());
    let owed = notifications::owe_letters(&log, &outgoing, &keys, clock::now()).await;
    assert_eq!(owed.expect("a database"), 0, "it was unread for no time");

    scene.tomas.get(&format!("cards/{}", scene.cards[0])).await.expect(200);
    scene.later().await;
    let text = scene.relay.has(1, scene.tomas.email.as_str()).await.text();
    assert!(!text.contains("Write the letter"), "{text}");
    scene.tomas.post("notifications/readings", &[]).await.expect(303);
    assert_eq!(scene.later().await, 0);

    scene.account.owner.comment(scene.cards[1], "Now it snows.").await.expect(303);
    scene.later().await;
    let text = scene.relay.has(2, scene.tomas.email.as_str()).await.text();
    assert!(text.contains("Now it snows."), "{text}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_letter_tells_only_of_boards_that_its_reader_sees() {
    let scene = Scene::set().await;
    let query = "update boards set access = 'chosen' where id = $1";
    let closed = sqlx::query(query).bind(scene.board.uuid()).execute(scene.app.pool());
    closed.await.expect("a private board");
    assert_eq!(scene.later().await, 0);
    assert_eq!(scene.letters().await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_wants_no_letters_gets_none() {
    let scene = Scene::set().await;
    let tomas = &scene.tomas;
    let saved = tomas.patch("profile/letters", &[("letters", "off")]).await.expect(303);
    let page = tomas.client.get(saved.header("location")).await.expect(200).body;
    assert!(page.contains("value=\"off\" checked"), "{page}");
    assert_eq!(scene.later().await, 0);
    tomas.patch("profile/letters", &[("letters", "perhaps")]).await.expect(422);

    tomas.patch("profile/letters", &[("letters", "on")]).await.expect(303);
    scene.account.owner.comment(scene.cards[0], "Once more.").await.expect(303);
    scene.later().await;
    scene.relay.has(1, tomas.email.as_str()).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn one_click_in_a_mail_program_is_enough() {
    let scene = Scene::set().await;
    scene.later().await;
    let letter = scene.relay.has(1, scene.tomas.email.as_str()).await;
    assert_eq!(letter.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let header = letter.header("List-Unsubscribe");
    let url = header.trim_matches(['<', '>']);
    let path = url.strip_prefix(scene.app.server.address()).expect("this server").to_owned();

    let program = scene.app.stranger();
    // A program that looks at links takes nobody off.
    program.get(&path).await.expect(200);
    assert!(scene.wants_letters().await);
    let request = program.request(Method::POST, &path);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    program.send(request.body("List-Unsubscribe=One-Click")).await.expect(200);
    assert!(!scene.wants_letters().await);
    let forged = format!("{}A", &path[..path.len() - 1]);
    let answer = program.send(program.request(Method::POST, &forged)).await;
    assert!(answer.status == 404 || forged == path, "{}", answer.status);
    scene.app.finish().await;
}

impl Scene {
    async fn wants_letters(&self) -> bool {
        let actor = &self.tomas.actor;
        let wanted = notifications::wants_letters(self.app.pool(), actor.account.id, actor.user_id);
        wanted.await.expect("a database")
    }
}

#[tokio::test]
async fn two_processes_write_one_letter() {
    let scene = Scene::set().await;
    let (one, other) = tokio::join!(scene.later(), scene.later());
    assert!(one + other <= 1, "{one} and {other}");
    // A round of the server's own may have had the turn: then the next one writes it.
    until("the letter", async || {
        scene.later().await;
        (scene.letters().await == 1).then_some(())
    })
    .await;
    scene.relay.has(1, scene.tomas.email.as_str()).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn admins_are_written_to_about_an_endpoint_that_fails_and_members_are_not() {
    let scene = Scene::set().await;
    scene.later().await;
    scene.relay.has(1, scene.tomas.email.as_str()).await;
    let log = Log::new(scene.app.pool().clone(), vec![Arc::new(notifications::Telling)]);
    let owner = &scene.account.owner;
    let fields = [("url", "http://127.0.0.1:9/hook"), ("events", "*")];
    owner.post("webhooks", &fields).await.expect(201);
    let id: Uuid = sqlx::query_scalar("select id from webhook_endpoints")
        .fetch_one(scene.app.pool())
        .await
        .expect("the endpoint");
    let endpoint = EndpointSnapshot::new(id.into(), fields[0].1);
    let fails = WebhookEndpointFailing { endpoint, failures: 5, since: clock::now() };
    let creator = Creator::system(owner.actor.creator().account);
    log.change(&creator).await.expect("a change").record(fails).await.expect("recorded");

    let notices = owner.get("notifications").await.expect(200).body;
    assert!(notices.contains("Webhook endpoint") && notices.contains("5 tries in a row"));
    let notices = scene.tomas.get("notifications").await.expect(200).body;
    assert!(!notices.contains("Webhook endpoint"), "{notices}");
    assert_eq!(scene.later().await, 1);
    let letter = scene.relay.has(1, owner.email.as_str()).await;
    let subject = "Trouble with a webhook endpoint of northfold";
    assert_eq!(letter.header("Subject"), subject);
    let path = format!("/northfold/webhooks/{id}");
    assert!(letter.text().contains(&path), "{}", letter.text());

    owner.get(&format!("webhooks/{id}")).await.expect(200);
    let unread =
        notifications::unread(scene.app.pool(), owner.actor.account.id, owner.actor.user_id);
    assert_eq!(unread.await.expect("a count"), 0, "whoever opens its page has read it");
    scene.app.finish().await;
}
