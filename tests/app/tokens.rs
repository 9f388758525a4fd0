//! Tokens on their page: one’s own, for admins everybody’s; shown once, and revoked at once.

use cairn::values::secret::Secret;
use cairn::values::{Role, Scope};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::people::Person;
use crate::support::program::Program;

/// Makes a token on the page; the token itself, as it is shown this once.
async fn make(person: &Person, name: &str, scope: &str) -> String {
    let page = person.post("tokens", &[("name", name), ("scope", scope)]).await.expect(201);
    let (_, rest) = page.body.split_once("id=\"token\">").expect("the token");
    rest.split('<').next().expect("its end").to_owned()
}

async fn id(app: &TestApp, name: &str) -> Uuid {
    let query = sqlx::query_scalar("select id from tokens where name = $1").bind(name);
    query.fetch_one(app.pool()).await.expect("the token")
}

#[tokio::test]
async fn a_token_is_shown_once_used_and_revoked() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let member = app.member(&account, "Rowan Field", Role::Member).await;
    let before = app.activities(&account).await;
    let token = make(&member, "Nightly export", "write").await;
    let slug = &member.actor.account.slug;
    let program = Program::new(app.server.address(), slug, Secret::new(token.as_str()));
    let page = member.get("tokens").await.expect(200);
    assert!(page.body.contains("Nightly export") && page.body.contains("never used"));
    assert!(!page.body.contains(&token), "the token is shown a second time");
    program.get("boards").await.expect(200);
    let page = member.get("tokens").await.expect(200);
    assert!(page.body.contains("last used"), "{}", page.body);

    let path = format!("tokens/{}", id(&app, "Nightly export").await);
    member.delete(&path).await.expect(303);
    program.get("boards").await.expect(401);
    member.delete(&path).await.expect(404);
    assert_eq!(app.recorded(&account, before).await, ["token_created", "token_revoked"]);
    let kept: Vec<String> = sqlx::query_scalar("select name from token_created")
        .fetch_all(app.pool())
        .await
        .expect("the events");
    assert_eq!(kept, ["Nightly export"]);
    app.finish().await;
}

#[tokio::test]
async fn members_see_their_own_and_admins_everybodys() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let admin = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
    let member = app.member(&account, "Rowan Field", Role::Member).await;
    make(&account.owner, "The owner’s", "admin").await;
    make(&member, "The member’s", "read").await;
    let seen = member.get("tokens").await.expect(200).body;
    assert!(seen.contains("The member’s") && !seen.contains("The owner’s"), "{seen}");
    let seen = admin.get("tokens").await.expect(200).body;
    assert!(seen.contains("The member’s") && seen.contains("The owner’s"), "{seen}");

    member.delete(&format!("tokens/{}", id(&app, "The owner’s").await)).await.expect(404);
    admin.delete(&format!("tokens/{}", id(&app, "The member’s").await)).await.expect(303);
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_made_is_said_beside_its_field() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let member = app.member(&account, "Rowan Field", Role::Member).await;
    let before = app.activities(&account).await;
    for (name, scope, marks) in [
        (" ", "read", "id=\"name_error\""),
        ("Nightly export", "king", "id=\"scope_error\""),
        ("Nightly export", "", "id=\"scope_error\""),
        ("Nightly export", "admin", "id=\"scope_error\""),
    ] {
        let answer = member.post("tokens", &[("name", name), ("scope", scope)]).await.expect(422);
        assert!(answer.body.contains(marks), "{scope:?}: {}", answer.body);
    }
    assert_eq!(app.activities(&account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn the_command_line_makes_them_as_the_system() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    app.token(&account.owner, Scope::Read).await;
    let (kind, creator, source): (String, Option<Uuid>, String) = sqlx::query_as(
        "select subject_type, creator_id, source from activities order by sequence desc limit 1",
    )
    .fetch_one(app.pool())
    .await
    .expect("the log");
    assert_eq!((kind.as_str(), creator, source.as_str()), ("token_created", None, "system"));
    app.finish().await;
}

#[tokio::test]
async fn nobody_has_more_tokens_than_one_change_can_revoke() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let query = "insert into tokens (account_id, id, user_id, name, scope, digest, created_at)
                 select $1, gen_random_uuid(), $2, 'many', 'read', n::text::bytea, now()
                 from generate_series(1, 100) n";
    let actor = &account.owner.actor;
    let query = sqlx::query(query).bind(actor.account.id.uuid()).bind(actor.user_id.uuid());
    query.execute(app.pool()).await.expect("many tokens");
    let fields = [("name", "One more"), ("scope", "read")];
    let answer = account.owner.post("tokens", &fields).await.expect(422);
    assert!(answer.body.contains("at most 100 tokens"), "{}", answer.body);
    app.finish().await;
}
