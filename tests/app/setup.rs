//! The first account of a server that has none.

use reqwest::Method;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Answer, Client};
use crate::support::server::Server;

/// The path that the log gives, with the code in it.
async fn way_in(app: &TestApp) -> String {
    let line = app.server.logged(|line| line.contains("/setup?code=")).await;
    let (_, path) = line.split_once(app.server.address()).expect("an address");
    path.trim_end().to_owned()
}

async fn found(browser: &Client, code: &str, slug: &str) -> Answer {
    let email = format!("olive@{slug}.example");
    let fields = [
        ("code", code),
        ("account_name", "Northfold"),
        ("slug", slug),
        ("name", "Olive Marsh"),
        ("email", email.as_str()),
        ("password", PASSWORD),
    ];
    browser.submit(Method::POST, "/setup", &fields).await
}

async fn accounts(app: &TestApp) -> i64 {
    let count = sqlx::query_scalar("select count(*) from accounts").fetch_one(app.pool());
    count.await.expect("a count")
}

#[tokio::test]
async fn the_code_in_the_log_founds_the_first_account() {
    let app = TestApp::start().await;
    let way_in = way_in(&app).await;
    let (_, code) = way_in.split_once("code=").expect("a code");
    let olive = app.stranger();
    assert_eq!(olive.get("/").await.expect(303).header("location"), "/setup");
    assert!(olive.get(&way_in).await.expect(200).body.contains(code), "the code is filled in");

    found(&olive, "a guess", "northfold").await.expect(422);
    assert_eq!(accounts(&app).await, 0);

    found(&olive, code, "northfold").await.expect(303);
    assert_eq!(olive.get("/").await.expect(303).header("location"), "/northfold");
    olive.get("/northfold").await.expect(200);
    assert_eq!(olive.get("/setup").await.expect(303).header("location"), "/");
    app.finish().await;
}

#[tokio::test]
async fn of_several_who_set_up_at_once_one_founds() {
    let app = TestApp::start().await;
    let way_in = way_in(&app).await;
    let (_, code) = way_in.split_once("code=").expect("a code");
    let slugs: Vec<String> = (1..=6).map(|number| format!("northfold-{number}")).collect();
    let sending = slugs.iter().map(async |slug| {
        let browser = app.stranger();
        browser.get(&way_in).await.expect(200);
        (browser, slug)
    });
    let browsers = futures_util::future::join_all(sending).await;
    let answers = browsers.iter().map(|(browser, slug)| found(browser, code, slug));
    for answer in futures_util::future::join_all(answers).await {
        assert_eq!(answer.expect(303).header("location"), "/");
    }

    assert_eq!(accounts(&app).await, 1);
    let mut inside = 0;
    for (browser, slug) in &browsers {
        inside += usize::from(browser.get("/").await.header("location") == format!("/{slug}"));
    }
    assert_eq!(inside, 1, "the one who founded it is signed in, and nobody else");
    app.finish().await;
}

#[tokio::test]
async fn a_process_started_later_takes_the_code_of_the_first() {
    let app = TestApp::start().await;
    let way_in = way_in(&app).await;
    let (_, code) = way_in.split_once("code=").expect("a code");
    let mut second = Server::start(&app.database.url().await).await;
    let olive = Client::new(second.address());
    olive.get(&way_in).await.expect(200);
    found(&olive, code, "northfold").await.expect(303);
    assert!(second.stop().await.success());

    let third = Server::start(&app.database.url().await).await;
    let offers = |line: &String| line.contains("/setup");
    assert!(!third.log().iter().any(offers), "there is an account: {:#?}", third.log());
    olive.at(third.address()).get("/northfold").await.expect(200);
    app.finish().await;
}
