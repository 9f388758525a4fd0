//! The feeds: how many statements a page takes does not grow with its lines.

use crate::support::TestApp;
use crate::support::client::Answer;
use crate::support::people::Person;

/// How many statements a page took. Its last one is logged before the answer is sent.
async fn statements(app: &TestApp, person: &Person, path: &str) -> usize {
    let answer: Answer = person.get(path).await.expect(200);
    let id = answer.header("x-request-id").to_owned();
    assert!(!id.is_empty(), "the answer to {path} carries no id");
    // Later than all of this request's own lines in the log.
    let marker = person.get("cards/404404").await.expect(404).header("x-request-id").to_owned();
    app.server.logged(|line| line.contains(&marker) && line.contains("refused")).await;
    app.server.statements_of(&id)
}

#[tokio::test]
async fn statements_do_not_grow_with_the_lines() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let board = owner.create_board("Spring catalogue").await;
    let columns = [owner.add_column(board, "Doing").await, owner.add_column(board, "Done").await];
    let card = owner.add_card(board, columns[0], "Write the letter").await;
    let pages = ["activity".to_owned(), format!("boards/{board}"), format!("cards/{card}/history")];
    owner.move_card(card, columns[1]).await.expect(303);
    owner.comment(card, "It reads well.").await.expect(303);
    let mut few = Vec::new();
    for page in &pages {
        few.push(statements(&app, owner, page).await);
    }
    for number in 0..20 {
        owner.move_card(card, columns[number % 2]).await.expect(303);
        owner.comment(card, "Again.").await.expect(303);
    }
    for (page, few) in pages.iter().zip(few) {
        let many = statements(&app, owner, page).await;
        assert!(few > 0 && many <= few, "{page}: {few} statements for few lines, {many} for many");
    }
    app.finish().await;
}
