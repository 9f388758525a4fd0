//! Forgotten passwords: a link by mail, and nothing to learn about who is there.

use reqwest::Method;

use super::count;
use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::mail_server::MailServer;
use crate::support::server::until;

async fn forget(client: &Client, email: &str) -> Answer {
    client.get("/password_links/new").await.expect(200);
    client.submit(Method::POST, "/password_links", &[("email", email)]).await
}

/// A page without what differs from one showing to the next.
fn words(answer: &Answer, email: &str) -> String {
    let (_, main) = answer.body.split_once("<main").expect("a page");
    main.split("<turbo-cable").next().unwrap_or_default().replace(email, "…")
}

#[tokio::test]
async fn a_link_by_mail_works_once() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let client = app.stranger();
    assert!(client.get("/session").await.body.contains("href=\"/password_links/new\""));
    forget(&client, owner.email.as_str()).await.expect(200);

    let path = relay.has(1, owner.email.as_str()).await.link("/password_links/");
    client.get(&path).await.expect(200);
    let fields = [("password", "a staple for the battery")];
    client.submit(Method::POST, &path, &fields).await.expect(303);
    client.get("/northfold").await.expect(200);
    owner.get("boards/new").await.expect(303);
    client.get(&path).await.expect(404);
    client.submit(Method::POST, &path, &fields).await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_address_is_answered_the_same() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let (known, unknown) = (owner.email.as_str(), "nobody@northfold.example");
    let client = app.stranger();
    let to_nobody = forget(&client, unknown).await.expect(200);
    let to_olive = forget(&client, known).await.expect(200);
    assert_eq!(words(&to_olive, known), words(&to_nobody, unknown));
    relay.has(1, known).await;
    assert_eq!(count(app.pool(), "true").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_link_leads_to_this_server_whatever_a_request_names() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let client = app.stranger();
    client.get("/session").await.expect(200);
    let request = client.request(Method::POST, "/password_links");
    let request =
        request.header("host", "evil.example").header("x-csrf-token", client.csrf_token());
    let body = format!("email={}", owner.email);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    client.send(request).await.expect(200);
    let text = relay.has(1, owner.email.as_str()).await.text();
    assert!(text.contains(&format!("{}/password_links/", app.server.address())), "{text}");
    assert!(!text.contains("evil"), "{text}");
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_flooded_with_links() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let client = app.stranger();
    for sent in 1..=3 {
        forget(&client, owner.email.as_str()).await.expect(200);
        relay.has(sent, owner.email.as_str()).await;
    }
    forget(&client, owner.email.as_str()).await.expect(200);
    forget(&client, "no address").await.expect(422);
    let refused = until("a refusal", async || {
        let answer = forget(&client, owner.email.as_str()).await;
        (answer.status == 429).then_some(answer)
    })
    .await;
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(count(app.pool(), "true").await, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_server_without_mail_says_whom_to_ask() {
    let app = TestApp::start().await;
    let owner = app.account("northfold").await.owner;
    let client = app.stranger();
    assert!(client.get("/password_links/new").await.body.contains("cairn user link"));
    let asked = forget(&client, owner.email.as_str()).await.expect(200);
    assert!(asked.body.contains("cairn user link"), "{}", asked.body);
    assert_eq!(count(app.pool(), "true").await, 0);
    app.finish().await;
}
