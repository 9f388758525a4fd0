//! Members: whoever may read sees them, without their addresses.

use cairn::values::{Role, Scope};
use serde_json::json;

use super::{Scene, problem};

#[tokio::test]
async fn whoever_may_read_sees_the_members() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let reader = scene.app.program(&rowan, Scope::Read).await;
    let members = reader.get("members").await.expect(200);
    let (olive, rowan) = (&scene.account.owner.actor, &rowan.actor);
    let expected = json!([
        { "id": olive.user_id, "name": "Olive Marsh", "role": "owner", "color": olive.color },
        { "id": rowan.user_id, "name": "Rowan Field", "role": "member", "color": rowan.color },
    ]);
    assert_eq!(members.json(), expected);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_token_that_reads_changes_nothing() {
    let scene = Scene::set().await;
    let card = scene.add_card("Write the letter").await;
    let reader = scene.app.program(&scene.account.owner, Scope::Read).await;
    let before = scene.activities().await;
    let column = json!({ "column_id": scene.column });
    for (path, body) in [
        ("boards".to_owned(), json!({ "name": "A" })),
        (format!("boards/{}/columns", scene.board), json!({ "name": "A" })),
        (scene.cards(), json!({ "title": "A" })),
        (format!("cards/{card}/moves"), column),
        (format!("cards/{card}/comments"), json!({ "body": "A" })),
        ("invitations".to_owned(), json!({ "email": "rowan@example.com", "role": "member" })),
    ] {
        problem(reader.post(&path, &body).await, 403);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn an_owners_program_changes_roles_and_removes() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let before = scene.activities().await;
    let changed = scene.program.patch(&rowan.place(), &json!({ "role": "admin" })).await;
    assert_eq!(changed.expect(200).json()["role"], "admin");
    scene.program.delete(&rowan.place()).await.expect(204);
    problem(scene.program.delete(&rowan.place()).await, 404);
    problem(scene.program.patch(&rowan.place(), &json!({ "role": "member" })).await, 404);
    let members = scene.program.get("members").await.expect(200).json();
    assert_eq!(members.as_array().map(Vec::len), Some(1), "{members}");
    let recorded = scene.app.recorded(&scene.account, before).await;
    assert_eq!(recorded, ["member_role_changed", "member_removed"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_last_owner_and_roles_that_are_none_are_refused_by_field() {
    let scene = Scene::set().await;
    let owner = &scene.account.owner;
    let before = scene.activities().await;
    for (role, says) in [("member", "last owner"), ("king", "The roles are")] {
        let answer = scene.program.patch(&owner.place(), &json!({ "role": role })).await;
        assert_eq!(answer.json()["errors"][0]["field"], "role");
        assert!(problem(answer, 422).contains(says));
    }
    let left = scene.program.delete(&owner.place()).await;
    assert!(problem(left, 422).contains("last owner"));
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn members_look_after_themselves_only() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let (reader, writer) = (
        scene.app.program(&rowan, Scope::Read).await,
        scene.app.program(&rowan, Scope::Write).await,
    );
    let owner = scene.account.owner.place();
    problem(writer.delete(&owner).await, 403);
    problem(writer.patch(&owner, &json!({ "role": "member" })).await, 403);
    problem(reader.delete(&rowan.place()).await, 403);
    writer.delete(&rowan.place()).await.expect(204);
    problem(writer.get("members").await, 401);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_owners_program_erases_former_members_once_whatever_is_sent_again() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Admin).await;
    let card = scene.add_card("Write the letter").await;
    rowan.comment(card, "Heron").await.expect(303);
    let place = format!("{}/erasure", rowan.place());
    let nothing = json!({});
    let asked = scene.program.post_once("first", &place, &nothing).await;
    assert_eq!(asked.json()["errors"][0]["field"], "member");
    assert!(problem(asked, 422).contains("They are a member still"));
    let admin = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Admin).await;
    scene.program.delete(&rowan.place()).await.expect(204);
    let before = scene.activities().await;
    problem(scene.app.program(&admin, Scope::Admin).await.post(&place, &nothing).await, 403);
    let writer = scene.app.program(&scene.account.owner, Scope::Write).await;
    problem(writer.post(&place, &nothing).await, 403);
    for replayed in ["", "true"] {
        let erased = scene.program.post_once("first", &place, &nothing).await.expect(204);
        assert_eq!((erased.body.as_str(), erased.header("idempotency-replayed")), ("", replayed));
    }
    problem(scene.program.post(&place, &nothing).await, 404);
    let recorded = scene.app.recorded(&scene.account, before).await;
    assert_eq!(recorded, ["token_created", "token_created", "member_erased"]);
    let comments = scene.program.get(&format!("cards/{card}/comments")).await.expect(200);
    assert!(!comments.body.contains("Heron") && comments.body.contains("Former member"));
    scene.app.finish().await;
}
