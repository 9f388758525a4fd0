//! Invitations: an admin’s program makes one, and is shown its link this once.

use cairn::values::{Role, Scope};
use serde_json::json;

use super::{Scene, problem, text};

#[tokio::test]
async fn an_invitation_is_shown_whole_and_its_link_this_once() {
    let scene = Scene::set().await;
    let body = json!({ "email": "Rowan@Example.com", "role": "admin" });
    let made = scene.program.post("invitations", &body).await.expect(201).json();
    assert_eq!(made["email"], "rowan@example.com");
    assert_eq!(made["role"], "admin");
    let url = text(&made["url"]);
    let path = url.strip_prefix(scene.app.server.address()).expect("where the program asked");
    scene.app.stranger().get(path).await.expect(200);

    let waiting = scene.program.get("invitations").await.expect(200).json();
    let mut expected = made.clone();
    expected.as_object_mut().expect("an object").remove("url");
    assert_eq!(waiting, json!([expected]));
    scene.app.finish().await;
}

#[tokio::test]
async fn only_admins_with_a_token_that_reaches_so_far_invite() {
    let scene = Scene::set().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let member = scene.app.program(&rowan, Scope::Admin).await;
    let writer = scene.app.program(&scene.account.owner, Scope::Write).await;
    let before = scene.activities().await;
    let body = json!({ "email": "birch@example.com", "role": "member" });
    for program in [&member, &writer] {
        problem(program.get("invitations").await, 403);
        problem(program.post("invitations", &body).await, 403);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn who_cannot_be_invited_is_said_by_field() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    for (email, role, field) in [
        ("nobody", "member", "email"),
        ("birch@example.com", "king", "role"),
        (scene.account.owner.email.as_str(), "member", "email"),
    ] {
        let body = json!({ "email": email, "role": role });
        let answer = scene.program.post("invitations", &body).await;
        assert_eq!(answer.json()["errors"][0]["field"], field);
        problem(answer, 422);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_taken_back_once() {
    let scene = Scene::set().await;
    let body = json!({ "email": "birch@example.com", "role": "member" });
    let made = scene.program.post("invitations", &body).await.expect(201).json();
    let before = scene.activities().await;
    let path = format!("invitations/{}", text(&made["id"]));
    scene.program.delete(&path).await.expect(204);
    problem(scene.program.delete(&path).await, 404);
    assert_eq!(scene.program.get("invitations").await.expect(200).json(), json!([]));
    assert_eq!(scene.app.recorded(&scene.account, before).await, ["invitation_revoked"]);
    scene.app.finish().await;
}
