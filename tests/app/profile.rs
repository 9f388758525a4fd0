//! One's own profile: a new password and signing out everywhere act at once, wherever one is.

use reqwest::Method;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Client;
use crate::support::people::Person;
use crate::support::server::{Server, until};

const NEW: &str = "a staple for the battery";

/// One more browser in which a person is signed in.
async fn another_browser(app: &TestApp, person: &Person, password: &str) -> Client {
    let client = app.stranger();
    client.get("/session").await.expect(200);
    let fields = [("email", person.email.as_str()), ("password", password)];
    client.submit(Method::POST, "/session", &fields).await.expect(303);
    client.get("/northfold").await.expect(200);
    client
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else_at_once() {
    let app = TestApp::start().await;
    let owner = app.account("northfold").await.owner;
    let other = another_browser(&app, &owner, PASSWORD).await;

    let fields = [("present", "not the password"), ("password", NEW)];
    let refused = owner.patch("profile/password", &fields).await.expect(422);
    assert!(refused.body.contains("not your present password"), "{}", refused.body);
    other.get("/northfold").await.expect(200);

    let fields = [("present", PASSWORD), ("password", NEW)];
    owner.patch("profile/password", &fields).await.expect(303);
    owner.get("boards/new").await.expect(200);
    other.get("/northfold").await.expect(303);
    let written = other.submit(Method::POST, "/northfold/boards", &[("name", "A")]).await;
    assert_eq!(written.expect(303).header("location"), "/session");

    let client = app.stranger();
    client.get("/session").await.expect(200);
    let old = [("email", owner.email.as_str()), ("password", PASSWORD)];
    client.submit(Method::POST, "/session", &old).await.expect(422);
    another_browser(&app, &owner, NEW).await;
    app.finish().await;
}

#[tokio::test]
async fn signing_out_everywhere_is_over_at_once() {
    let app = TestApp::start().await;
    let owner = app.account("northfold").await.owner;
    let other = another_browser(&app, &owner, PASSWORD).await;
    // A process that has just answered somebody believes so for a second at the most.
    let mut second = Server::start(&app.database.url().await).await;
    let elsewhere = other.at(second.address());
    elsewhere.get("/northfold").await.expect(200);

    let path = owner.path("profile/sign_ins");
    owner.client.submit(Method::DELETE, &path, &[]).await.expect(303);
    owner.get("boards/new").await.expect(303);
    other.get("/northfold").await.expect(303);
    until("the other process to know", async || {
        (elsewhere.get("/northfold").await.status == 303).then_some(())
    })
    .await;
    second.stop().await;
    app.finish().await;
}

#[tokio::test]
async fn signing_out_here_leaves_the_others_signed_in() {
    let app = TestApp::start().await;
    let owner = app.account("northfold").await.owner;
    let other = another_browser(&app, &owner, PASSWORD).await;
    owner.client.submit(Method::DELETE, "/session", &[]).await.expect(303);
    owner.get("boards/new").await.expect(303);
    other.get("/northfold").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_signs_out_there() {
    let app = TestApp::start().await;
    let owner = app.account("northfold").await.owner;
    let other = another_browser(&app, &owner, PASSWORD).await;
    let page = owner.get("profile").await.expect(200);
    assert_eq!(page.body.matches("This one").count(), 1, "{}", page.body);
    let (_, rest) = page.body.split_once("action=\"/northfold/profile/sign_ins/").expect("another");
    let path = format!("profile/sign_ins/{}", rest.split('"').next().expect("its end"));
    owner.delete(&path).await.expect(303);
    other.get("/northfold").await.expect(303);
    owner.delete(&path).await.expect(404);
    owner.get("profile").await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_new_name_is_an_event_that_keeps_neither_name() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let before = app.activities(&account).await;
    let fields = [("name", "Olive Stone"), ("time_zone", "Europe/Zurich")];
    owner.patch("profile", &fields).await.expect(303);
    owner.patch("profile", &fields).await.expect(303);
    assert_eq!(app.recorded(&account, before).await, ["member_updated"]);
    let changed: Vec<String> = sqlx::query_scalar("select attributes from member_updated")
        .fetch_one(app.pool())
        .await
        .expect("the event");
    assert_eq!(changed, ["name", "time_zone"]);
    app.finish().await;
}
