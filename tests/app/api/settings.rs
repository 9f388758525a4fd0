//! Settings: whoever may read sees them, an owner’s program changes what it names.

use cairn::values::{Role, Scope};
use serde_json::json;

use super::{Scene, problem};

#[tokio::test]
async fn an_owners_program_changes_what_it_names() {
    let scene = Scene::set().await;
    let settings = scene.program.get("settings").await.expect(200).json();
    let expected = json!({
        "slug": "northfold", "name": "northfold", "time_zone": "UTC", "shows_receipts": false,
        "keeps_addresses": false, "tracking_days": 90,
    });
    assert_eq!(settings, expected);
    let before = scene.activities().await;
    let body = json!({ "time_zone": "Europe/Zurich" });
    let changed = scene.program.patch("settings", &body).await.expect(200).json();
    assert_eq!(changed["time_zone"], "Europe/Zurich");
    assert_eq!(changed["name"], "northfold");
    scene.program.patch("settings", &body).await.expect(200);
    let recorded = scene.app.recorded(&scene.account, before).await;
    assert_eq!(recorded, ["account_time_zone_changed"]);
    let body = json!({ "shows_receipts": true, "tracking_days": 30 });
    let changed = scene.program.patch("settings", &body).await.expect(200).json();
    assert_eq!((&changed["shows_receipts"], &changed["tracking_days"]), (&json!(true), &json!(30)));
    let recorded = scene.app.recorded(&scene.account, before + 1).await;
    assert_eq!(recorded, ["account_tracking_changed"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn who_may_not_and_what_cannot_be_is_refused() {
    let scene = Scene::set().await;
    let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Admin).await;
    let admin = scene.app.program(&tomas, Scope::Admin).await;
    let writer = scene.app.program(&scene.account.owner, Scope::Write).await;
    let before = scene.activities().await;
    for program in [&admin, &writer] {
        program.get("settings").await.expect(200);
        problem(program.patch("settings", &json!({ "name": "A" })).await, 403);
    }
    for (body, field) in [
        (json!({ "time_zone": "Europe/Atlantis" }), "time_zone"),
        (json!({ "name": " ", "time_zone": "UTC" }), "name"),
        (json!({ "tracking_days": 7 }), "tracking_days"),
    ] {
        let answer = scene.program.patch("settings", &body).await;
        assert_eq!(answer.json()["errors"][0]["field"], field);
        problem(answer, 422);
    }
    problem(scene.program.patch("settings", &json!({ "slug": "b" })).await, 422);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}
