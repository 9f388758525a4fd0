//! `cairn verify` and `cairn head` beside a server that seals what happens.

use std::sync::Arc;

use cairn::events::chain::{self, Tables};
use cairn::values::id::AccountId;

use crate::backup::{TestFile, cairn};
use crate::support::TestApp;
use crate::support::app::Account;

/// An account in which something happened, all of it sealed by its server.
pub(super) async fn sealed(app: &TestApp) -> Account {
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let board = owner.create_board("Spring catalogue").await;
    let column = owner.add_column(board, "To do").await;
    let card = owner.add_card(board, column, "Write the letter").await;
    owner.comment(card, "Two pages at most.").await.expect(303);
    app.is_sealed().await;
    account
}

/// Does something to the database and seals anew, as somebody who knows how would.
async fn forge(app: &TestApp, statements: &str) {
    sqlx::raw_sql(statements).execute(app.pool()).await.expect("it is done");
    let account: AccountId =
        sqlx::query_scalar("select id from accounts").fetch_one(app.pool()).await.expect("one");
    let tables = Arc::new(Tables::read(app.pool()).await.expect("tables"));
    chain::seal(app.pool(), &tables, account).await.expect("it is sealed");
}

#[tokio::test]
async fn a_head_that_was_kept_elsewhere_finds_out_a_log_that_was_made_anew() {
    let mut app = TestApp::start().await;
    let account = sealed(&app).await;
    let url = app.database.url().await;
    let (done, said) = cairn(["verify"], &url).await;
    assert!(done && said.contains("northfold: as recorded: "), "{said}");
    assert!(said.contains("all sealed"), "{said}");
    let (done, head) = cairn(["head", "--account", "northfold"], &url).await;
    assert!(done, "{head}");
    let file = TestFile::holding("head", &head);
    let (done, said) = cairn(["verify", "--head", file.path()], &url).await;
    assert!(done, "{said}");
    let downloaded = account.owner.get("audit/head").await.expect(200);
    assert!(downloaded.header("content-disposition").contains("northfold-head-"), "{downloaded:?}");
    let file = TestFile::holding("downloaded-head", &downloaded.body);
    let (done, said) = cairn(["verify", "--head", file.path()], &url).await;
    assert!(done, "{said}");

    app.server.stop().await;
    forge(&app, "delete from seals; update activities set source = 'mail' where sequence = 2")
        .await;
    let (done, said) = cairn(["verify"], &url).await;
    assert!(done, "nothing else tells: {said}");
    let (done, said) = cairn(["verify", "--head", file.path()], &url).await;
    assert!(!done && said.contains("the log is another one at sequence "), "{said}");

    let shorter = "delete from seals; update account_heads set sequence = 3;
        delete from activities where sequence > 3; delete from card_added; delete from comment_added";
    forge(&app, shorter).await;
    let (done, said) = cairn(["verify", "--head", file.path()], &url).await;
    assert!(!done && said.contains("removed from activities"), "{said}");
    app.server = crate::support::server::Server::start(&url).await;
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_head_of_the_account_is_refused() {
    let app = TestApp::start().await;
    sealed(&app).await;
    app.account("southfold").await;
    let url = app.database.url().await;
    let (_, head) = cairn(["head", "--account", "northfold"], &url).await;
    let damaged = head.replacen("\"hash\": \"", "\"hash\": \"0", 1);
    for (text, says) in [
        ("", "it is not a head of Cairn’s"),
        ("{\"sequence\": 1}", "it is not a head of Cairn’s"),
        (&*damaged, "it is damaged"),
    ] {
        let file = TestFile::holding("no-head", text);
        let (done, said) = cairn(["verify", "--head", file.path()], &url).await;
        assert!(!done && said.contains(says), "{said}");
    }
    let file = TestFile::holding("head-of-another", &head);
    let arguments = ["verify", "--account", "southfold", "--head", file.path()];
    let (done, said) = cairn(arguments, &url).await;
    assert!(!done && said.contains("is of another account"), "{said}");
    let (done, said) = cairn(["verify", "--account", "nobody"], &url).await;
    assert!(!done && said.contains("there is no account nobody"), "{said}");
    let (done, said) = cairn(["verify", "--head", "/nowhere"], &url).await;
    assert!(!done && said.contains("can’t be used"), "{said}");
    app.finish().await;
}
