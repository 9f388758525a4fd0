//! The account’s settings: everybody reads them, owners change them, and each change is an event.

use cairn::values::Role;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn an_owner_changes_both_in_one_form_and_the_first_is_the_cause() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let before = app.activities(&account).await;
    let fields = [("name", "Northfold Press"), ("time_zone", "Europe/Zurich")];
    let saved = owner.patch("settings", &fields).await.expect(303);
    let page = owner.client.get(saved.header("location")).await.expect(200);
    assert!(page.body.contains("The settings are saved."), "{}", page.body);
    assert!(page.body.contains("value=\"Northfold Press\""), "{}", page.body);
    assert!(page.body.contains("value=\"Europe/Zurich\""), "{}", page.body);
    let recorded = app.recorded(&account, before).await;
    assert_eq!(recorded, ["account_renamed", "account_time_zone_changed"]);
    let log: Vec<(Uuid, Option<Uuid>)> =
        sqlx::query_as("select id, cause_id from activities where sequence > $1 order by sequence")
            .bind(before)
            .fetch_all(app.pool())
            .await
            .expect("the log");
    assert_eq!((log[0].1, log[1].1), (None, Some(log[0].0)));

    // What stays the same is no event.
    owner.patch("settings", &fields).await.expect(303);
    let fields = [("name", "Northfold"), ("time_zone", "Europe/Zurich")];
    owner.patch("settings", &fields).await.expect(303);
    assert_eq!(app.recorded(&account, before + 2).await, ["account_renamed"]);
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let before = app.activities(&account).await;
    for (name, zone, says) in [
        ("Northfold", "Europe/Atlantis", "There is no such time zone."),
        ("Northfold", "", "There is no such time zone."),
        (" ", "UTC", "id=\"name_error\""),
    ] {
        let fields = [("name", name), ("time_zone", zone)];
        let answer = account.owner.patch("settings", &fields).await.expect(422);
        assert!(answer.body.contains(says), "{}", answer.body);
        assert!(answer.body.contains("aria-invalid=\"true\""), "{}", answer.body);
        assert!(answer.body.contains(&format!("value=\"{zone}\"")), "what was typed is lost");
    }
    assert_eq!(app.activities(&account).await, before, "something was recorded");
    app.finish().await;
}

#[tokio::test]
async fn all_but_owners_read_only() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let admin = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
    let page = admin.get("settings").await.expect(200);
    assert!(page.body.contains("Only owners change these."), "{}", page.body);
    let before = app.activities(&account).await;
    let fields = [("name", "Tomasfold"), ("time_zone", "UTC")];
    admin.patch("settings", &fields).await.expect(403);
    assert_eq!(app.activities(&account).await, before, "something was recorded");
    app.finish().await;
}
