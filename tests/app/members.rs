//! Members: who may change whose role, who may remove whom, and that an owner is always left.

use cairn::domain::{Error, members};
use cairn::events::Log;
use cairn::values::{Role, Scope};
use reqwest::Method;
use sqlx::Executor as _;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::server::until;

/// An account with somebody of each role.
struct Scene {
    app: TestApp,
    account: Account,
    admin: Person,
    member: Person,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let admin = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
        let member = app.member(&account, "Rowan Field", Role::Member).await;
        Self { app, account, admin, member }
    }

    fn owner(&self) -> &Person {
        &self.account.owner
    }

    /// A log of this process, as another process would have it.
    fn log(&self) -> Log {
        Log::new(self.app.pool().clone(), Vec::new())
    }

    /// Does something; the kinds of what it recorded.
    async fn recorded(&self, act: impl AsyncFnOnce(&Self)) -> Vec<String> {
        let before = self.app.activities(&self.account).await;
        act(self).await;
        self.app.recorded(&self.account, before).await
    }

    async fn role(&self, person: &Person) -> Option<String> {
        let query = "select role from users where id = $1 and removed_at is null";
        let query = sqlx::query_scalar(query).bind(person.actor.user_id.uuid());
        query.fetch_optional(self.app.pool()).await.expect("a database")
    }

    async fn count(&self, table: &str, person: &Person) -> i64 {
        let query = format!("select count(*) from {table} where user_id = $1");
        let query = sqlx::query_scalar(&query).bind(person.actor.user_id.uuid());
        query.fetch_one(self.app.pool()).await.expect("a count")
    }
}

async fn give(by: &Person, to: &Person, role: &str) -> Answer {
    by.patch(&to.place(), &[("role", role)]).await
}

#[tokio::test]
async fn admins_look_after_members_and_owners_after_everybody() {
    let scene = Scene::set().await;
    let other = scene.app.member(&scene.account, "Amara Okafor", Role::Admin).await;
    let (owner, admin, member) = (scene.owner(), &scene.admin, &scene.member);
    let nothing = scene
        .recorded(async |_| {
            give(member, admin, "member").await.expect(403);
            give(admin, &other, "member").await.expect(403);
            give(admin, owner, "member").await.expect(403);
            give(admin, member, "owner").await.expect(403);
            member.delete(&admin.place()).await.expect(403);
            admin.delete(&other.place()).await.expect(403);
            admin.delete(&owner.place()).await.expect(403);
            admin.get(&format!("{}/removal", owner.place())).await.expect(403);
            // A role that somebody has already is given to nobody.
            give(admin, member, "member").await.expect(303);
        })
        .await;
    assert_eq!(nothing, Vec::<String>::new());

    let roles = scene
        .recorded(async |scene| {
            give(admin, member, "admin").await.expect(303);
            assert_eq!(scene.role(member).await.as_deref(), Some("admin"));
            give(owner, member, "owner").await.expect(303);
            give(owner, &other, "member").await.expect(303);
        })
        .await;
    assert_eq!(roles, ["member_role_changed"; 3]);
    let feed = owner.get("activity").await.expect(200);
    assert!(feed.body.contains("Amara Okafor"), "{}", feed.body);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_role_that_is_none_is_told_above_the_members() {
    let scene = Scene::set().await;
    let nothing = scene
        .recorded(async |scene| {
            let answer = give(scene.owner(), &scene.member, "king").await.expect(422);
            assert!(answer.body.contains("The roles are member, admin and owner."));
        })
        .await;
    assert_eq!(nothing, Vec::<String>::new());
    scene.app.finish().await;
}

#[tokio::test]
async fn the_last_owner_is_neither_demoted_nor_removed_and_does_not_leave() {
    let scene = Scene::set().await;
    let nothing = scene
        .recorded(async |scene| {
            let owner = scene.owner();
            for answer in [give(owner, owner, "admin").await, owner.delete(&owner.place()).await] {
                let answer = answer.expect(422);
                assert!(answer.body.contains("Make somebody else an owner first"), "{answer:?}");
            }
        })
        .await;
    assert_eq!(nothing, Vec::<String>::new());
    assert_eq!(scene.role(scene.owner()).await.as_deref(), Some("owner"));

    give(scene.owner(), &scene.admin, "owner").await.expect(303);
    scene.owner().delete(&scene.owner().place()).await.expect(303);
    scene.owner().get("members").await.expect(404);
    scene.app.finish().await;
}

/// Holds the rows of both people, begins both changes, and lets go once both wait.
async fn at_once<T: Send + 'static>(
    scene: &Scene,
    changes: [impl Future<Output = T> + Send + 'static; 2],
) -> Vec<T> {
    let mut holder = scene.app.pool().begin().await.expect("a transaction");
    holder.execute("select id from users for update").await.expect("all rows");
    let running = changes.map(tokio::spawn);
    until("both to wait for a row", async || {
        let query = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
        let waiting: i64 =
            sqlx::query_scalar(query).fetch_one(scene.app.pool()).await.expect("a count");
        (waiting >= 2).then_some(())
    })
    .await;
    holder.rollback().await.expect("the rows are free");
    let mut outcomes = Vec::new();
    for change in running {
        outcomes.push(change.await.expect("it does not panic"));
    }
    outcomes
}

#[tokio::test]
async fn of_two_owners_who_demote_each_other_at_once_one_succeeds() {
    let scene = Scene::set().await;
    let other = scene.app.member(&scene.account, "Amara Okafor", Role::Owner).await;
    let pair = [(scene.owner(), &other), (&other, scene.owner())];
    let changes = pair.map(|(by, to)| {
        let (log, actor, id) = (scene.log(), by.actor.clone(), to.actor.user_id);
        async move { members::change_role(&log, &actor, id, Role::Member).await }
    });
    let outcomes = at_once(&scene, changes).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::Forbidden(_)))));
    scene.app.finish().await;
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let scene = Scene::set().await;
    let other = scene.app.member(&scene.account, "Amara Okafor", Role::Owner).await;
    let changes = [scene.owner(), &other].map(|person| {
        let (log, actor) = (scene.log(), person.actor.clone());
        async move { members::remove(&log, &actor, actor.user_id).await }
    });
    let outcomes = at_once(&scene, changes).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::Invalid(_)))));
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once_and_what_they_did_stays() {
    let scene = Scene::set().await;
    let (admin, member) = (&scene.admin, &scene.member);
    let board = member.create_board("Spring catalogue").await;
    let column = member.add_column(board, "Doing").await;
    let card = member.add_card(board, column, "Write the letter").await;
    scene.owner().comment(card, "It reads well.").await.expect(303);
    let user = member.actor.user_id.to_string();
    admin.post(&format!("cards/{card}/assignments"), &[("user_id", &user)]).await.expect(303);
    let program = scene.app.program(member, Scope::Write).await;
    scene.app.program(member, Scope::Read).await;

    let page = admin.get(&format!("{}/removal", member.place())).await.expect(200);
    assert!(page.body.contains("Remove Rowan Field?"), "{}", page.body);
    let recorded = scene
        .recorded(async |_| {
            admin.client.get(&admin.path("members")).await.expect(200);
            let fields = [("_method", "delete")];
            admin.client.submit_plainly(&admin.path(&member.place()), &fields).await.expect(303);
        })
        .await;
    let expected = ["member_removed", "token_revoked", "token_revoked", "card_unassigned"];
    assert_eq!(recorded, expected);
    let causes: Vec<Option<Uuid>> =
        sqlx::query_scalar("select cause_id from activities order by sequence desc limit 4")
            .fetch_all(scene.app.pool())
            .await
            .expect("the log");
    let entailed = |cause: &Option<Uuid>| cause.is_some() && *cause == causes[0];
    assert!(causes[..3].iter().all(entailed) && causes[3].is_none(), "{causes:?}");

    member.get("members").await.expect(404);
    program.get("boards").await.expect(401);
    for table in ["watches", "notifications", "assignments", "board_accesses"] {
        assert_eq!(scene.count(table, member).await, 0, "{table}");
    }
    let members = admin.get("members").await.expect(200);
    assert!(!members.body.contains("Rowan Field"), "{}", members.body);
    let feed = admin.get("activity").await.expect(200);
    assert!(feed.body.contains("Rowan Field"), "what they did has lost its name: {}", feed.body);
    let comments = admin.get(&format!("cards/{card}")).await.expect(200);
    assert!(comments.body.contains("Write the letter"));
    let choice = member.client.get("/").await.expect(200);
    assert!(choice.body.contains("You are not a member of any account."), "{}", choice.body);
    // They are removed once.
    admin.delete(&member.place()).await.expect(404);
    give(admin, member, "admin").await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_board_that_nobody_would_see_passes_on() {
    let scene = Scene::set().await;
    let (admin, member) = (&scene.admin, &scene.member);
    let alone = make_private(&scene, member, &[member]).await;
    let shared = make_private(&scene, member, &[member, scene.owner()]).await;
    let recorded = scene
        .recorded(async |_| {
            admin.delete(&member.place()).await.expect(303);
        })
        .await;
    assert_eq!(recorded, ["member_removed", "board_access_granted"]);
    assert_eq!(viewers(&scene, alone).await, [admin.actor.user_id.uuid()]);
    assert_eq!(viewers(&scene, shared).await, [scene.owner().actor.user_id.uuid()]);
    // Whoever leaves does not inherit from themselves.
    admin.delete(&admin.place()).await.expect(303);
    assert_eq!(viewers(&scene, alone).await, [scene.owner().actor.user_id.uuid()]);
    scene.app.finish().await;
}

async fn make_private(scene: &Scene, maker: &Person, chosen: &[&Person]) -> Uuid {
    let board = maker.create_board("Spring catalogue").await.uuid();
    let query = "update boards set access = 'chosen' where id = $1";
    sqlx::query(query).bind(board).execute(scene.app.pool()).await.expect("a board");
    for person in chosen {
        let query = "insert into board_accesses (account_id, board_id, user_id, created_at)
                     values ($1, $2, $3, now()) on conflict do nothing";
        let query = sqlx::query(query).bind(person.actor.account.id.uuid()).bind(board);
        let query = query.bind(person.actor.user_id.uuid());
        query.execute(scene.app.pool()).await.expect("an access");
    }
    board
}

async fn viewers(scene: &Scene, board: Uuid) -> Vec<Uuid> {
    let query = "select user_id from board_viewers where board_id = $1 order by user_id";
    let query = sqlx::query_scalar(query).bind(board);
    query.fetch_all(scene.app.pool()).await.expect("a database")
}

#[tokio::test]
async fn whoever_was_removed_comes_back_as_who_they_were() {
    let scene = Scene::set().await;
    let member = &scene.member;
    member.delete(&member.place()).await.expect(303);
    let fields = [("email", member.email.as_str()), ("role", "admin")];
    let made = scene.owner().post("invitations", &fields).await.expect(201);
    let (_, link) = made.body.split_once("/northfold/invitations/").expect("a link");
    let token = link.split('<').next().expect("its end");
    let acceptance = format!("/northfold/invitations/{token}/acceptance");
    let recorded = scene
        .recorded(async |_| {
            member.client.submit(Method::POST, &acceptance, &[]).await.expect(303);
        })
        .await;
    assert_eq!(recorded, ["member_joined"]);
    assert_eq!(scene.role(member).await.as_deref(), Some("admin"));
    let members = member.get("members").await.expect(200);
    assert!(members.body.contains("Rowan Field"), "{}", members.body);
    let rows: i64 = sqlx::query_scalar("select count(*) from users where name = 'Rowan Field'")
        .fetch_one(scene.app.pool())
        .await
        .expect("a count");
    assert_eq!(rows, 1);
    // Their link is used up, and a second one would make nobody a member twice.
    member.client.submit(Method::POST, &acceptance, &[]).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_taken_back_once_and_leads_nowhere() {
    let scene = Scene::set().await;
    let fields = [("email", "birch@example.com"), ("role", "member")];
    let made = scene.admin.post("invitations", &fields).await.expect(201);
    let (_, link) = made.body.split_once("/northfold/invitations/").expect("a link");
    let link = format!("/northfold/invitations/{}", link.split('<').next().expect("its end"));
    let id: Uuid = sqlx::query_scalar("select id from invitations where email = $1")
        .bind("birch@example.com")
        .fetch_one(scene.app.pool())
        .await
        .expect("the invitation");
    let path = format!("invitations/{id}");
    let recorded = scene
        .recorded(async |scene| {
            scene.member.delete(&path).await.expect(403);
            scene.admin.delete(&path).await.expect(303);
            scene.admin.delete(&path).await.expect(404);
        })
        .await;
    assert_eq!(recorded, ["invitation_revoked"]);
    let stranger = scene.app.stranger();
    stranger.get(&link).await.expect(404);
    let members = scene.admin.get("members").await.expect(200);
    assert!(!members.body.contains("birch@example.com"), "{}", members.body);
    scene.app.finish().await;
}
