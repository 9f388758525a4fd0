//! Notices: read on one page, and counted no more on the others.

use std::sync::Arc;
use std::time::Duration;

use cairn::db::notify;
use cairn::domain::sign_ins;
use cairn::events::Log;
use cairn::live::ring::Read;
use cairn::live::{Credential, Hub, Stream, Subscription};
use cairn::notifications::Reading;
use cairn::values::Role;
use cairn::values::secret::KeyRing;
use sqlx::Executor as _;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;

/// Across processes a count falls within a second; the rest is for a slow machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tomas follows a card on which Olive has commented.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    card: i64,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let board = tomas.create_board("Spring catalogue").await;
        let column = tomas.add_column(board, "Doing").await;
        let card = tomas.add_card(board, column, "Write the letter").await;
        account.owner.comment(card, "It reads well.").await.expect(303);
        Self { app, account, tomas, card }
    }

    /// Tomas, as a page of his in another process knows him.
    async fn credential(&self) -> Credential {
        let actor = &self.tomas.actor;
        let query = "select identity_id from users where account_id = $1 and id = $2";
        let query = sqlx::query_scalar(query).bind(actor.account.id.uuid());
        let identity: Uuid =
            query.bind(actor.user_id.uuid()).fetch_one(self.app.pool()).await.expect("a member");
        let id = sign_ins::start(self.app.pool(), identity.into(), None, "test").await;
        Credential::SignIn(id.expect("a sign-in"))
    }

    async fn open_card(&self) {
        self.tomas.get(&format!("cards/{}", self.card)).await.expect(200);
    }
}

/// Another process on the same database.
struct Elsewhere {
    hub: Hub,
    tasks: Vec<JoinHandle<()>>,
}

impl Elsewhere {
    async fn start(app: &TestApp) -> Self {
        let log = Log::new(app.pool().clone(), vec![Arc::new(cairn::notifications::Telling)]);
        let hub = Hub::new(log, KeyRing::new(b"key", None)).await.expect("a hub");
        let tasks = hub.follow();
        Self { hub, tasks }
    }

    /// An open page of Tomas's.
    async fn page(&self, scene: &Scene, bell: &Arc<Notify>) -> Subscription {
        let actor = &scene.tomas.actor;
        let cursor = self.hub.cursor(self.hub.log().pool(), actor).await.expect("a cursor");
        let signed = self.hub.names(actor, &cursor, &[Stream::User(actor.user_id)]).remove(0);
        let page = self.hub.subscribe(&scene.credential().await, &signed, bell).await;
        page.expect("a database").expect("a follower")
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

#[tokio::test]
async fn a_count_falls_on_the_pages_of_other_processes_too() {
    let scene = Scene::set().await;
    let elsewhere = Elsewhere::start(&scene.app).await;
    let bell = Arc::default();
    let mut page = elsewhere.page(&scene, &bell).await;
    let missed = elsewhere.hub.missed(&page).await.expect("a database").expect("a count");
    assert!(missed.fragment.contains("bell__count"), "{missed:?}");

    scene.open_card().await;
    let fallen = async {
        loop {
            match page.reader.read() {
                Read::Nothing => bell.notified().await,
                Read::Again => panic!("the stream ended"),
                // Whoever begins to listen may be told the old count once more before.
                Read::Frame(frame) if frame.fragment.contains("bell__count") => {}
                Read::Frame(frame) => return frame,
            }
        }
    };
    let frame = timeout(PATIENCE, fallen).await.expect("a lower count in time");
    assert!(frame.fragment.contains("notice_count"), "{frame:?}");
    // No place in the log: a page that comes back with this frame has missed nothing.
    assert_eq!(frame.sequence, missed.sequence);
    drop(elsewhere);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_page_learns_what_was_read_before_it_subscribed() {
    let scene = Scene::set().await;
    let elsewhere = Elsewhere::start(&scene.app).await;
    let actor = &scene.tomas.actor;
    let cursor = elsewhere.hub.cursor(elsewhere.hub.log().pool(), actor).await.expect("a cursor");
    let signed = elsewhere.hub.names(actor, &cursor, &[Stream::User(actor.user_id)]).remove(0);
    scene.open_card().await;
    let credential = scene.credential().await;
    let page = elsewhere.hub.subscribe(&credential, &signed, &Arc::default()).await;
    let page = page.expect("a database").expect("a follower");
    let missed = elsewhere.hub.missed(&page).await.expect("a database").expect("a count");
    assert!(!missed.fragment.contains("bell__count"), "{missed:?}");
    drop(elsewhere);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_without_news_tells_nobody() {
    let scene = Scene::set().await;
    let mut listener = PgListener::connect_with(scene.app.pool()).await.expect("a listener");
    listener.listen(notify::READINGS).await.expect("a listener");
    scene.open_card().await;
    scene.open_card().await;
    scene.account.owner.comment(scene.card, "Very well.").await.expect(303);
    scene.tomas.post("notifications/readings", &[]).await.expect(303);
    scene.tomas.post("notifications/readings", &[]).await.expect(303);
    scene.app.pool().execute("notify readings, 'the end'").await.expect("a hint");

    let reading =
        Reading { account_id: scene.tomas.actor.account.id, user_id: scene.tomas.actor.user_id };
    let mut heard = Vec::new();
    while heard.last().is_none_or(|words| words != "the end") {
        let hint = timeout(PATIENCE, listener.recv()).await.expect("in time").expect("a hint");
        heard.push(hint.payload().to_owned());
    }
    let once = reading.to_string();
    assert_eq!(heard, [once.as_str(), once.as_str(), "the end"]);
    drop(listener);
    scene.app.finish().await;
}
