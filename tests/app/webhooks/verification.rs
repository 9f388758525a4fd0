//! `cairn verify` finds what was taken from what is owed.

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
