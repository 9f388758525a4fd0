//! An account that random verbs change, and the model that is kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use cairn::app::consequences;
use cairn::domain::accounts::{self, NewAccount};
use cairn::domain::passwords::Password;
use cairn::domain::replay::stored_board;
use cairn::domain::{Actor, NoLetters, invitations, sign_ins};
use cairn::events::{Activity, Audience, BoardAsItWas, KINDS, Log, checkpoints, history};
use cairn::values::id::{AccountId, BoardId, CardId, EndpointId, EventId, IdentityId, UserId};
use cairn::values::secret::KeyRing;
use cairn::values::{Email, Name, Role, Slug};
use cairn::webhooks::endpoints::{self, NewEndpoint};
use cairn::webhooks::{Endpoint, Guard};
use proptest::prop_assert_eq;
use proptest::test_runner::TestCaseError;
use uuid::Uuid;

use crate::support::TestDatabase;
use crate::support::app::PASSWORD;

const SLUG: &str = "northfold";

/// After so few events of its own a board is kept in these histories.
pub(super) const EVERY: i64 = 7;

/// An account, its people, and what the model knows of it.
pub(super) struct World {
    pub(super) database: TestDatabase,
    pub(super) log: Log,
    pub(super) guard: Guard,
    pub(super) account: AccountId,
    pub(super) people: Vec<Person>,
    pub(super) boards: Vec<BoardId>,
    pub(super) cards: i64,
    pub(super) model: Model,
    /// Boards as the tables had them after a number of the log.
    pub(super) moments: Vec<(i64, BoardId, BoardAsItWas)>,
}

/// Somebody who is, or was, a member.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) actor: Actor,
    pub(super) present: bool,
}

/// What must be, told by the verbs and the log alone.
#[derive(Default)]
pub(super) struct Model {
    /// The whole log.
    pub(super) activities: Vec<Activity>,
    /// Those boards that are for the chosen.
    pub(super) private: BTreeSet<BoardId>,
    /// Who was chosen for a board, open or not.
    pub(super) chosen: BTreeSet<(BoardId, UserId)>,
    /// What each endpoint asks for: names of events, and boards.
    pub(super) asked: BTreeMap<EndpointId, (Vec<String>, Vec<BoardId>)>,
    /// The sequences that each endpoint is owed.
    pub(super) owed: BTreeMap<EndpointId, Vec<i64>>,
    /// How much somebody has not read of a card, and what happened last.
    pub(super) notices: BTreeMap<(UserId, CardId), (i64, EventId)>,
}

impl Model {
    /// Whether a member sees a board; what happened on none, everybody does.
    pub(super) fn sees(&self, user: UserId, board: Option<BoardId>) -> bool {
        board.is_none_or(|board| {
            !self.private.contains(&board) || self.chosen.contains(&(board, user))
        })
    }

    /// Takes down what endpoints asked for, as it was answered.
    pub(super) fn hears(&mut self, endpoint: Endpoint) {
        self.asked.insert(endpoint.id, (endpoint.events, endpoint.board_ids));
    }

    fn is_owed(&self, endpoint: EndpointId, activity: &Activity) -> bool {
        let (events, boards) = &self.asked[&endpoint];
        let name = activity.event.kind().wire_name();
        let named = events.iter().any(|asked| match asked.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => *asked == name,
        });
        let of_board = match activity.header.board_id {
            Some(board) if boards.is_empty() => !self.private.contains(&board),
            Some(board) => boards.contains(&board),
            None => boards.is_empty(),
        };
        let of_itself = activity.event.place().endpoint == Some(endpoint);
        activity.event.kind().shows.webhooks && named && of_board && !of_itself
    }
}

impl World {
    /// An owner, an admin and two members; an open board, a private one; two endpoints, the second
    /// of which is kept to the private board.
    pub(super) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let log = Log::new(database.pool().clone(), consequences::all("http://127.0.0.1:3000/"));
        let new = NewAccount {
            slug: Slug::parse(SLUG).expect("a slug"),
            name: Name::parse("Northfold").expect("a name"),
            owner_email: email("olive"),
            owner_name: Name::parse("Olive").expect("a name"),
        };
        let founded = accounts::create(&log, new).await.expect("a new account");
        let mut world = Self {
            guard: Guard::new(vec!["127.0.0.0/8".parse().expect("a network")]),
            account: founded.account.id,
            people: Vec::new(),
            boards: Vec::new(),
            cards: 0,
            model: Model::default(),
            moments: Vec::new(),
            database,
            log,
        };
        world.welcome(founded.identity_id).await;
        for (name, role) in
            [("tomas", Role::Admin), ("rowan", Role::Member), ("amara", Role::Member)]
        {
            world.join(name, role).await;
        }
        for private in [false, true] {
            let made = world.create_board(0, private).await;
            made.expect("a board");
        }
        world.listen(Vec::new()).await;
        world.listen(vec![world.boards[1]]).await;
        world
    }

    pub(super) fn pool(&self) -> &sqlx::PgPool {
        self.database.pool()
    }

    /// A log that remembers nothing, so that it reads the tables.
    pub(super) fn cold(&self) -> Log {
        Log::new(self.pool().clone(), Vec::new())
    }

    /// Those who are members now.
    pub(super) fn members(&self) -> impl Iterator<Item = &Actor> {
        self.people.iter().filter(|person| person.present).map(|person| &person.actor)
    }

    /// Somebody is invited and comes.
    pub(super) async fn join(&mut self, name: &str, role: Role) {
        let (pool, email) = (self.pool().clone(), email(name));
        let owner = &self.people[0].actor;
        let invited = invitations::invite(&self.log, owner, &email, role, &NoLetters).await;
        let (_, token) = invited.expect("an invitation");
        let invitation = invitations::find(&pool, SLUG, &token).await.expect("the invitation");
        let (name, password) = (Name::parse(name).expect("a name"), Password::parse(PASSWORD));
        let password = password.expect("a password");
        let joined = invitations::accept(&self.log, &invitation, name, Some(&password)).await;
        self.welcome(joined.expect("a new member")).await;
    }

    async fn welcome(&mut self, identity: IdentityId) {
        let pool = self.pool();
        let id = sign_ins::start(pool, identity, None, "test").await.expect("a sign-in");
        let actor = sign_ins::resolve(pool, id, SLUG, None).await.expect("a database");
        self.people.push(Person { actor: actor.expect("a member"), present: true });
        self.settle().await.expect("the first events");
    }

    async fn listen(&mut self, board_ids: Vec<BoardId>) {
        let (url, events) = ("http://127.0.0.1:9/hook".to_owned(), vec!["*".to_owned()]);
        let new = NewEndpoint { url, events, board_ids, ..NewEndpoint::default() };
        let keys = KeyRing::new(b"the key of the tests, which is no secret", None);
        let owner = &self.people[0].actor;
        let added = endpoints::add(&self.log, &keys, &self.guard, owner, &new).await;
        self.model.hears(added.expect("an endpoint").0);
        self.settle().await.expect("its event");
    }

    /// Reads what was recorded since, and lets the model draw its conclusions; how much it was.
    pub(super) async fn settle(&mut self) -> Result<usize, TestCaseError> {
        let after = self.model.activities.last().map_or(0, |activity| activity.sequence);
        let page = history::Page::newest(history::Scope::Account, 1_000, KINDS.to_vec());
        let page = history::Page { from: history::From::After(after), ..page };
        let recorded = history::page(&self.log, self.account, &page).await.expect("the log");
        for (activity, sequence) in recorded.iter().zip(after + 1..) {
            prop_assert_eq!(activity.sequence, sequence, "the log has a gap");
            self.owe(activity);
            self.tell(activity).await;
        }
        self.model.activities.extend(recorded.iter().cloned());
        Ok(recorded.len())
    }

    /// Takes down how the boards are now, and lets checkpoints be made of them.
    pub(super) async fn remember(&mut self) {
        let sequence = self.model.activities.last().map_or(0, |activity| activity.sequence);
        let mut connection = self.pool().acquire().await.expect("a connection");
        for board in self.boards.clone() {
            let stored = stored_board(&mut connection, self.account, board).await;
            let stored = stored.expect("a database").expect("a board");
            self.moments.push((sequence, board, stored));
        }
        let kept = checkpoints::keep_every(self.pool(), self.account, EVERY).await;
        kept.expect("checkpoints");
    }

    fn owe(&mut self, activity: &Activity) {
        let model = &mut self.model;
        let endpoints = model.asked.keys().copied();
        let owed: Vec<EndpointId> = endpoints.filter(|id| model.is_owed(*id, activity)).collect();
        for endpoint in owed {
            model.owed.entry(endpoint).or_default().push(activity.sequence);
        }
    }

    async fn tell(&mut self, activity: &Activity) {
        let header = &activity.header;
        let (card, people) = match activity.event.audience() {
            // No endpoint fails in these histories.
            Audience::Nobody | Audience::Admins(_) => return,
            Audience::People { card, people } => (card, people),
            Audience::Watchers(card) => (card, self.watchers(card).await),
        };
        let members: Vec<UserId> = self.members().map(|member| member.user_id).collect();
        let model = &mut self.model;
        for user in people {
            let sees = members.contains(&user) && model.sees(user, header.board_id);
            if !sees || Some(user) == header.creator_id {
                continue;
            }
            let (unread, last) = model.notices.entry((user, card)).or_insert((0, header.id));
            (*unread, *last) = (*unread + 1, header.id);
        }
    }

    async fn watchers(&self, card: CardId) -> Vec<UserId> {
        let query = "select user_id from watches where account_id = $1 and card_id = $2";
        let query = sqlx::query_scalar(query).bind(self.account.uuid()).bind(card.uuid());
        let watchers: Vec<Uuid> = query.fetch_all(self.pool()).await.expect("watches");
        watchers.into_iter().map(UserId::from).collect()
    }

    /// Nobody keeps a notice of a card that now stands on a board they do not see.
    pub(super) async fn forget(&mut self, board: BoardId) {
        let query = "select id from cards where account_id = $1 and board_id = $2";
        let query = sqlx::query_scalar(query).bind(self.account.uuid()).bind(board.uuid());
        let cards: Vec<Uuid> = query.fetch_all(self.pool()).await.expect("cards");
        let model = &mut self.model;
        let mut notices = std::mem::take(&mut model.notices);
        notices.retain(|(user, card), _| {
            !cards.contains(&card.uuid()) || model.sees(*user, Some(board))
        });
        model.notices = notices;
    }
}

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@northfold.example")).expect("an address")
}
