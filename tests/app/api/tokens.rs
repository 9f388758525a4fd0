//! Tokens: a program makes none that reaches further than its own.

use cairn::values::secret::Secret;
use cairn::values::{Role, Scope};
use serde_json::json;

use super::{Scene, problem, text};
use crate::support::program::Program;

#[tokio::test]
async fn a_program_makes_a_token_sees_it_and_revokes_it() {
    let scene = Scene::set().await;
    let body = json!({ "name": "Nightly export", "scope": "read" });
    let made = scene.program.post("tokens", &body).await.expect(201).json();
    let slug = &scene.account.slug;
    let new = Program::new(scene.app.server.address(), slug, Secret::new(text(&made["token"])));
    new.get("boards").await.expect(200);
    let mut expected = made.clone();
    expected.as_object_mut().expect("an object").remove("token");
    let (_, listed) = scene.program.pages("tokens?limit=1").await;
    let found = listed.iter().find(|token| token["id"] == made["id"]).expect("it is listed");
    assert!(found["last_used_at"].is_string(), "{found}");
    expected["last_used_at"] = found["last_used_at"].clone();
    assert_eq!(*found, expected);

    let path = format!("tokens/{}", text(&made["id"]));
    scene.program.delete(&path).await.expect(204);
    problem(new.get("boards").await, 401);
    problem(scene.program.delete(&path).await, 404);
    scene.app.finish().await;
}

#[tokio::test]
async fn no_token_makes_one_that_reaches_further() {
    let scene = Scene::set().await;
    let reader = scene.app.program(&scene.account.owner, Scope::Read).await;
    let writer = scene.app.program(&scene.account.owner, Scope::Write).await;
    let before = scene.activities().await;
    problem(reader.post("tokens", &json!({ "name": "A", "scope": "read" })).await, 403);
    let answer = writer.post("tokens", &json!({ "name": "A", "scope": "admin" })).await;
    assert_eq!(answer.json()["errors"][0]["field"], "scope");
    problem(answer, 422);
    assert_eq!(scene.activities().await, before, "something was recorded");
    writer.post("tokens", &json!({ "name": "A", "scope": "write" })).await.expect(201);
    scene.app.finish().await;
}

#[tokio::test]
async fn another_members_tokens_are_for_admins() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let member = scene.app.program(&rowan, Scope::Write).await;
    let own = member.get("tokens").await.expect(200).json();
    assert_eq!(own.as_array().map(Vec::len), Some(1), "{own}");
    assert_eq!(own[0]["user_id"], rowan.actor.user_id.to_string());
    let all = scene.program.get("tokens").await.expect(200).json();
    assert_eq!(all.as_array().map(Vec::len), Some(2), "{all}");
    let path = format!("tokens/{}", text(&all[0]["id"]));
    problem(member.delete(&path).await, 404);
    scene.program.delete(&format!("tokens/{}", text(&own[0]["id"]))).await.expect(204);
    problem(member.get("tokens").await, 401);
    scene.app.finish().await;
}
