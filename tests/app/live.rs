//! Live streams: who may follow them, and that nothing is missed on them.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::{Actor, NoLetters, boards, cards, columns, invitations, members, sign_ins};
use cairn::events::Log;
use cairn::live::ring::Read;
use cairn::live::{Credential, Frame, Hub, Stream, Subscription};
use cairn::values::id::{BoardId, ColumnId, IdentityId};
use cairn::values::secret::KeyRing;
use cairn::values::{BoardAccess, Email, Grantee, Name, Role, Slug, Title};
use sqlx::{Executor as _, PgPool};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::TestDatabase;

/// Far longer than the promised second; whoever waits so long waits in vain.
const PATIENCE: Duration = Duration::from_secs(20);

const SLUG: &str = "northfold";

/// A member with the sign-in of their browser.
struct Person {
    actor: Actor,
    credential: Credential,
}

/// A process: its log and the hub that follows it, until it goes out of scope.
struct Process {
    log: Log,
    hub: Hub,
    tasks: Vec<JoinHandle<()>>,
}

impl Process {
    async fn start(pool: &PgPool, key: &[u8]) -> Self {
        let log = Log::new(pool.clone(), Vec::new());
        let keys = KeyRing::new(key, None);
        let hub = Hub::new(log.clone(), keys).await.expect("a hub");
        let tasks = hub.follow();
        Self { log, hub, tasks }
    }

    /// The signed name of a stream on a page that is rendered now for this person.
    async fn name(&self, person: &Person, stream: Stream) -> String {
        let cursor = self.hub.cursor(self.log.pool(), &person.actor).await.expect("a cursor");
        self.hub.names(&person.actor, &cursor, &[stream]).remove(0)
    }

    async fn subscribe(&self, person: &Person, signed: &str) -> Option<Page> {
        let bell = Arc::default();
        let found = self.hub.subscribe(&person.credential, signed, &bell).await;
        found.expect("a database").map(|subscription| Page { subscription, bell })
    }

    /// The page comes back with what it followed.
    async fn resume(&self, person: &Person, page: Page) -> Option<Page> {
        let Page { subscription, bell } = page;
        let found = self.hub.resume(&person.credential, subscription.name, &bell).await;
        found.expect("a database").map(|subscription| Page { subscription, bell })
    }

    async fn missed(&self, subscription: &Page) -> Option<Frame> {
        self.hub.missed(subscription).await.expect("a database")
    }
}

/// A page that follows one stream.
struct Page {
    subscription: Subscription,
    bell: Arc<Notify>,
}

impl Deref for Page {
    type Target = Subscription;

    fn deref(&self) -> &Subscription {
        &self.subscription
    }
}

impl DerefMut for Page {
    fn deref_mut(&mut self) -> &mut Subscription {
        &mut self.subscription
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// An account with two people and a board of two columns.
struct Scene {
    olive: Person,
    tomas: Person,
    board: BoardId,
    columns: [ColumnId; 2],
}

impl Scene {
    async fn set(log: &Log) -> Self {
        let olive = owner(log).await;
        let tomas = member(log, &olive.actor).await;
        let board =
            boards::create(log, &olive.actor, name("Spring catalogue"), BoardAccess::Everyone)
                .await;
        let board = board.expect("a board").id;
        let mut ids = Vec::new();
        for column in ["To do", "Doing"] {
            let column = columns::add(log, &olive.actor, board, name(column)).await;
            ids.push(column.expect("a column").id);
        }
        Self { olive, tomas, board, columns: [ids[0], ids[1]] }
    }

    /// Olive adds a card; its number.
    async fn add(&self, log: &Log, title: &str) -> i64 {
        let title = Title::parse(title).expect("a title");
        let card = cards::add(log, &self.olive.actor, self.board, None, title).await;
        card.expect("a card").number
    }
}

async fn owner(log: &Log) -> Person {
    let new = NewAccount {
        slug: Slug::parse(SLUG).expect("a slug"),
        name: name("Northfold"),
        owner_email: Email::parse("olive@northfold.example").expect("an address"),
        owner_name: name("Olive Marsh"),
    };
    let founded = accounts::create(log, new).await.expect("an account");
    signed_in(log, founded.identity_id).await
}

async fn member(log: &Log, inviter: &Actor) -> Person {
    let email = Email::parse("tomas@northfold.example").expect("an address");
    let invited = invitations::invite(log, inviter, &email, Role::Member, &NoLetters).await;
    let (_, token) = invited.expect("an invitation");
    let invitation = invitations::find(log.pool(), SLUG, &token).await.expect("the invitation");
    let password = Password::parse("correct horse battery staple").expect("a password");
    let identity =
        invitations::accept(log, &invitation, name("Tomas Lindqvist"), Some(&password)).await;
    signed_in(log, identity.expect("a member")).await
}

async fn signed_in(log: &Log, identity: IdentityId) -> Person {
    let id = sign_ins::start(log.pool(), identity, None, "test").await.expect("a sign-in");
    let actor = sign_ins::resolve(log.pool(), id, SLUG, None).await.expect("a database");
    Person { actor: actor.expect("a member"), credential: Credential::SignIn(id) }
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

/// The next frame, however it became known.
async fn next(page: &mut Page) -> Frame {
    read(page).await.expect("a stream that goes on")
}

/// The next frame; none when the page must be asked for again.
async fn read(page: &mut Page) -> Option<Frame> {
    loop {
        match page.reader.read() {
            // Who looks is told whenever somebody looked.
            Read::Frame(frame) if frame.html.contains(r#"target="presence""#) => {}
            Read::Frame(frame) => return Some(frame),
            Read::Again => return None,
            Read::Nothing => {
                timeout(PATIENCE, page.bell.notified()).await.expect("something in time");
            }
        }
    }
}

fn is_refresh(frame: &Frame) -> bool {
    frame.fragment.contains(r#"action=\"refresh\""#)
}

#[tokio::test]
async fn a_page_is_told_what_came_before_it_subscribed_and_what_comes_after() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let signed = process.name(&scene.tomas, Stream::Board(scene.board)).await;
    let first = scene.add(&process.log, "Between render and subscribe").await;

    let mut subscription = process.subscribe(&scene.tomas, &signed).await.expect("a follower");
    let missed = process.missed(&subscription).await.expect("a missed card");
    assert!(missed.fragment.contains("Between render and subscribe"), "{missed:?}");

    let [_, doing] = scene.columns;
    cards::relocate(&process.log, &scene.olive.actor, first, doing, None).await.expect("a move");
    let frame = next(&mut subscription).await;
    assert!(frame.fragment.contains(&format!("column_{doing}_cards")), "{frame:?}");
    assert_eq!(frame.sequence, missed.sequence + 1);
}

#[tokio::test]
async fn a_page_that_missed_nothing_is_told_nothing() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let signed = process.name(&scene.tomas, Stream::AccountActivities).await;
    let subscription = process.subscribe(&scene.tomas, &signed).await.expect("a follower");
    assert!(process.missed(&subscription).await.is_none());
}

#[tokio::test]
async fn what_one_process_commits_is_told_by_the_other() {
    let database = TestDatabase::new().await;
    let writing = Process::start(&database, b"key").await;
    let reading = Process::start(&database, b"key").await;
    let scene = Scene::set(&writing.log).await;
    // A page of one process that connects to the other.
    let signed = writing.name(&scene.tomas, Stream::BoardActivities(scene.board)).await;
    let mut subscription = reading.subscribe(&scene.tomas, &signed).await.expect("a follower");

    // Nobody sends hints here: this is the promised look at the log.
    scene.add(&writing.log, "Seen from afar").await;
    let frame = next(&mut subscription).await;
    assert!(frame.fragment.contains("Seen from afar"), "{frame:?}");
}

#[tokio::test]
async fn followers_of_one_stream_share_the_same_bytes() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let mut followers = Vec::new();
    for person in [&scene.olive, &scene.tomas] {
        let signed = process.name(person, Stream::Board(scene.board)).await;
        followers.push(process.subscribe(person, &signed).await.expect("a follower"));
    }
    scene.add(&process.log, "Rendered once").await;
    let (one, other) = (next(&mut followers[0]).await, next(&mut followers[1]).await);
    assert!(Arc::ptr_eq(&one.fragment, &other.fragment));
}

#[tokio::test]
async fn a_name_is_good_for_one_person_one_key_and_one_account() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let stream = Stream::Board(scene.board);
    let of_olive = process.name(&scene.olive, stream).await;
    assert!(process.subscribe(&scene.tomas, &of_olive).await.is_none(), "another person's");

    let forger = Process::start(&database, b"another key").await;
    let forged = forger.name(&scene.tomas, stream).await;
    assert!(process.subscribe(&scene.tomas, &forged).await.is_none(), "of another key");
    for tampered in [of_olive.replace("--", "--0"), of_olive[1..].to_owned(), String::new()] {
        assert!(process.subscribe(&scene.olive, &tampered).await.is_none(), "{tampered:?}");
    }

    let strange = process.name(&scene.olive, Stream::Board(BoardId::new())).await;
    assert!(process.subscribe(&scene.olive, &strange).await.is_none(), "of no board");
    let notices = process.name(&scene.olive, Stream::User(scene.tomas.actor.user_id)).await;
    assert!(process.subscribe(&scene.olive, &notices).await.is_none(), "another's notices");
}

#[tokio::test]
async fn whoever_signed_out_follows_nothing() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let signed = process.name(&scene.tomas, Stream::Board(scene.board)).await;
    let Credential::SignIn(sign_in) = scene.tomas.credential else { unreachable!() };
    sign_ins::revoke(&database, sign_in).await.expect("signed out");
    assert!(!scene.tomas.credential.is_good(&database).await.expect("a database"));
    assert!(process.subscribe(&scene.tomas, &signed).await.is_none());
}

#[tokio::test]
async fn whoever_is_removed_follows_nothing_any_more() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let mut followers = Vec::new();
    for person in [&scene.olive, &scene.tomas] {
        let signed = process.name(person, Stream::AccountActivities).await;
        followers.push(process.subscribe(person, &signed).await.expect("a follower"));
    }
    let tomas = scene.tomas.actor.user_id;
    members::remove(&process.log, &scene.olive.actor, tomas).await.expect("a removal");
    let (mut of_olive, mut of_tomas) = (followers.remove(0), followers.remove(0));
    assert!(next(&mut of_olive).await.fragment.contains("removed"));
    // Not even that is told to whoever it is about: they are asked again first.
    assert!(read(&mut of_tomas).await.is_none());
    assert!(process.resume(&scene.tomas, of_tomas).await.is_none());
}

#[tokio::test]
async fn a_cursor_from_the_future_or_another_epoch_loads_the_page_anew() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let now = process.hub.cursor(process.log.pool(), &scene.tomas.actor).await.expect("a cursor");
    let (mut future, mut foreign) = (now.clone(), now);
    future.sequence += 1;
    foreign.epoch = "elsewhere".to_owned();
    for cursor in [future, foreign] {
        let streams = [Stream::Board(scene.board)];
        let signed = process.hub.names(&scene.tomas.actor, &cursor, &streams).remove(0);
        let subscription = process.subscribe(&scene.tomas, &signed).await.expect("a follower");
        let missed = process.missed(&subscription).await.expect("a refresh");
        assert!(is_refresh(&missed), "{cursor}: {missed:?}");
    }
}

#[tokio::test]
async fn a_long_absence_ends_in_one_refresh() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let signed = process.name(&scene.tomas, Stream::Board(scene.board)).await;
    database
        .execute("update account_heads set sequence = sequence + 1001")
        .await
        .expect("a log that went on");
    let subscription = process.subscribe(&scene.tomas, &signed).await.expect("a follower");
    assert!(is_refresh(&process.missed(&subscription).await.expect("a refresh")));
}

#[tokio::test]
async fn when_the_log_is_exchanged_followers_come_back_and_load_anew() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let signed = process.name(&scene.tomas, Stream::Board(scene.board)).await;
    let mut subscription = process.subscribe(&scene.tomas, &signed).await.expect("a follower");
    // As after a backup was restored: the log is shorter than what was told.
    database.execute("update account_heads set sequence = 1").await.expect("an older log");

    let told = read(&mut subscription).await;
    assert!(told.is_none(), "{told:?}");
    let again = process.resume(&scene.tomas, subscription).await.expect("a follower");
    assert!(is_refresh(&process.missed(&again).await.expect("a refresh")));
}

#[tokio::test]
async fn a_private_board_is_told_to_those_who_see_it_alone() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let scene = Scene::set(&process.log).await;
    let (olive, tomas) = (&scene.olive, &scene.tomas);
    let of_account = process.name(tomas, Stream::AccountActivities).await;
    let mut of_account = process.subscribe(tomas, &of_account).await.expect("a follower");
    let of_board = process.name(tomas, Stream::Board(scene.board)).await;
    let mut of_board = process.subscribe(tomas, &of_board).await.expect("a follower");
    let of_tomas = process.name(tomas, Stream::User(tomas.actor.user_id)).await;
    let mut of_tomas = process.subscribe(tomas, &of_tomas).await.expect("a follower");

    let closed = boards::revoke(&process.log, &olive.actor, scene.board, Grantee::Everyone).await;
    closed.expect("a private board");
    assert!(is_refresh(&next(&mut of_tomas).await), "his pages load themselves anew");
    scene.add(&process.log, "Kept to ourselves").await;
    for stream in [Stream::Board(scene.board), Stream::BoardActivities(scene.board)] {
        let signed = process.name(tomas, stream).await;
        assert!(process.subscribe(tomas, &signed).await.is_none(), "{stream}");
        let signed = process.name(olive, stream).await;
        assert!(process.subscribe(olive, &signed).await.is_some(), "{stream}");
    }
    let names = [&of_board.name, &of_account.name];
    let lost = process.hub.lost(&tomas.credential, &names).await.expect("a database");
    assert_eq!(lost, [&of_board.name], "what he follows no more");
    let told = read(&mut of_board).await;
    assert!(told.is_none(), "nothing is told before he is asked again: {told:?}");

    let name = name("Open to all");
    boards::create(&process.log, &olive.actor, name, BoardAccess::Everyone).await.expect("a board");
    let frame = next(&mut of_account).await;
    assert!(frame.fragment.contains("Open to all"), "{frame:?}");
    assert!(!frame.fragment.contains("Kept to ourselves"), "{frame:?}");
    assert!(!frame.fragment.contains("Spring catalogue"), "{frame:?}");
}

#[tokio::test]
async fn whoever_is_removed_is_counted_no_more_on_a_private_board() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, b"key").await;
    let Scene { olive, tomas, board, .. } = &Scene::set(&process.log).await;
    let (log, user) = (&process.log, Grantee::User(tomas.actor.user_id));
    boards::revoke(log, &olive.actor, *board, Grantee::Everyone).await.expect("a private board");
    boards::grant(log, &olive.actor, *board, user).await.expect("a second viewer");
    let page = process.name(olive, Stream::Board(*board)).await;
    let mut page = process.subscribe(olive, &page).await.expect("a follower");
    members::remove(log, &olive.actor, tomas.actor.user_id).await.expect("one less");
    let frame = next(&mut page).await;
    assert!(frame.fragment.contains("Only 1 person"), "{frame:?}");
}
