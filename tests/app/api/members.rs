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
