//! `cairn verify` finds what was taken from what is owed, and endpoints that are not those of the log.

use crate::backup::cairn;
use crate::support::TestApp;
use crate::support::sink::Sink;

#[tokio::test]
async fn every_owed_delivery_is_there_or_named() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let board = owner.create_board("Spring catalogue").await;
    let column = owner.add_column(board, "To do").await;
    let card = owner.add_card(board, column, "Write the letter").await;
    owner.post("webhooks", &[("url", &sink.url("/hook")), ("events", "*")]).await.expect(201);
    for words in ["One", "Two", "Three"] {
        owner.comment(card, words).await.expect(303);
    }
    sink.has(3).await;
    let url = app.database.url().await;
    let (done, said) = cairn(["verify"], &url).await;
    assert!(done, "{said}");
    for (statement, says) in [
        (
            "delete from webhook_deliveries where number = 2",
            ["delivery 2 to the endpoint ", "was never owed to the endpoint "],
        ),
        (
            "update webhook_deliveries set event_id = gen_random_uuid() where number = 3",
            ["is of an event that is not in the log", "was never owed to the endpoint "],
        ),
        (
            "update webhook_deliveries set status = 'held' where number = 1;
             delete from webhook_payloads",
            ["delivery 1 to the endpoint ", " has nothing to send"],
        ),
    ] {
        sqlx::raw_sql(statement).execute(app.pool()).await.expect("it is done");
        let (done, said) = cairn(["verify"], &url).await;
        assert!(!done, "{statement}: {said}");
        assert!(says.iter().all(|words| said.contains(words)), "{statement}: {said}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_endpoint_that_is_not_the_one_of_the_log_is_named() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let account = app.account("northfold").await;
    let owner = &account.owner;
    for path in ["/one?key=secret", "/two"] {
        let fields = [("url", &*sink.url(path)), ("events", "card.moved")];
        owner.post("webhooks", &fields).await.expect(201);
    }
    let query = "select id from webhook_endpoints order by id desc limit 1";
    let second: uuid::Uuid = sqlx::query_scalar(query).fetch_one(app.pool()).await.expect("an id");
    owner.delete(&format!("webhooks/{second}")).await.expect(303);
    let url = app.database.url().await;
    let (done, said) = cairn(["verify"], &url).await;
    assert!(done, "{said}");
    let is = "where url like '%/one%'";
    for (change, back, says) in [
        (
            &*format!("update webhook_endpoints set url = replace(url, 'one', 'three') {is}"),
            "update webhook_endpoints set url = replace(url, 'three', 'one')",
            "has another address than the log says",
        ),
        (
            &*format!("update webhook_endpoints set removed_at = now() {is}"),
            &*format!("update webhook_endpoints set removed_at = null {is}"),
            "is gone, and no event removed it",
        ),
        (
            &*format!("update webhook_endpoints set removed_at = null where id = '{second}'"),
            &*format!("update webhook_endpoints set removed_at = now() where id = '{second}'"),
            "is there, and no event added it",
        ),
    ] {
        sqlx::raw_sql(change).execute(app.pool()).await.expect("it is done");
        let (done, said) = cairn(["verify"], &url).await;
        assert!(!done && said.contains(says), "{change}: {said}");
        sqlx::raw_sql(back).execute(app.pool()).await.expect("it is undone");
        let (done, said) = cairn(["verify"], &url).await;
        assert!(done, "after {back}: {said}");
    }
    app.finish().await;
}
