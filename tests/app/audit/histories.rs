//! Histories: what became what, word by word, by whom, when and from where.

use cairn::values::{Role, Scope};
use serde_json::json;

use super::Scene;
use crate::support::server::Server;

#[tokio::test]
async fn a_card_tells_which_words_of_its_texts_changed() {
    let scene = Scene::set().await;
    let (olive, card) = (scene.owner(), scene.cards[0]);
    let first = [("description", "Sow the seeds in two rows, and water them at night.")];
    olive.patch(&format!("cards/{card}"), &first).await.expect(303);
    let second = [("description", "Sow the old seeds in three rows, and water them at night.")];
    olive.patch(&format!("cards/{card}"), &second).await.expect(303);
    let page = olive.get(&format!("cards/{card}/history")).await.expect(200).body;
    for part in ["<ins>old </ins>", "<del>two</del>", "<ins>three</ins>", " taken out: "] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(page.contains("<del>nothing</del>") || page.contains("nothing</del>"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn of_a_long_text_the_page_shows_the_parts_and_the_entry_all() {
    let scene = Scene::set().await;
    let (olive, card) = (scene.owner(), scene.cards[0]);
    let text = |word: &str| format!("{} {word} {}", "before ".repeat(900), "after ".repeat(900));
    for word in ["one", "two"] {
        let text = text(word);
        olive.patch(&format!("cards/{card}"), &[("description", &text)]).await.expect(303);
    }
    let history = olive.get(&format!("cards/{card}/history")).await.expect(200).body;
    assert!(history.contains("<del>one</del>") && history.contains("<ins>two</ins>"));
    assert!(history.len() < 20_000, "{} bytes for two long texts", history.len());
    let (before, _) = history.split_once("\">The whole text</a>").expect("a way to all of it");
    let (_, path) = before.rsplit_once("href=\"").expect("an address");
    let entry = olive.client.get(path).await.expect(200).body;
    assert!(entry.matches("after").count() >= 900, "the entry shows the whole text");
    assert!(entry.contains("<del>one</del>") && !entry.contains("The whole text"));
    scene.app.finish().await;
}

#[tokio::test]
async fn where_it_came_from_is_told_and_addresses_to_admins() {
    let scene = Scene::set().await;
    let member = scene.app.member(&scene.account, "Rowan Hale", Role::Member).await;
    let program = scene.app.program(scene.owner(), Scope::Write).await;
    let path = format!("cards/{}/comments", scene.cards[0]);
    program.post(&path, &json!({ "body": "By a script." })).await.expect(201);
    let history = format!("cards/{}/history", scene.cards[0]);
    let shown = scene.owner().get(&history).await.expect(200).body;
    assert!(shown.contains("with the token “test”") && shown.contains("in a browser"), "{shown}");
    assert!(shown.contains("href=\"/northfold/audit?address=127.0.0.1\""), "{shown}");
    let shown = member.get(&history).await.expect(200).body;
    assert!(shown.contains("with the token “test”") && !shown.contains("127.0.0.1"), "{shown}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_board_has_a_history_of_the_small_things_too() {
    let scene = Scene::set().await;
    let (olive, board) = (scene.owner(), scene.boards[0]);
    olive.add_card(board, scene.columns[0], "Water").await;
    let fields = [("column_id", scene.columns[0].to_string()), ("position", "1".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    olive.post(&format!("cards/{}/moves", scene.cards[0]), &fields).await.expect(303);
    olive.patch(&format!("boards/{board}"), &[("name", "Early spring")]).await.expect(303);
    let page = olive.get(&format!("boards/{board}/history")).await.expect(200).body;
    assert!(page.contains("data-kind=\"card.reordered\""), "{page}");
    assert!(
        page.contains("<ins>Early spring</ins>") && page.contains("<del>Spring</del>"),
        "{page}"
    );
    assert!(!page.contains("Reap"), "it tells of its own board alone: {page}");
    let feed = olive.get(&format!("boards/{board}/activity")).await.expect(200).body;
    assert!(feed.contains(&format!("/boards/{board}/history")), "the feed leads there");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_change_of_role_tells_what_the_role_was() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.owner(), &scene.tomas);
    olive.patch(&tomas.place(), &[("role", "member")]).await.expect(303);
    let page = olive.get("audit?kind=member.role_changed").await.expect(200).body;
    assert!(page.contains("<del>admin</del>") && page.contains("<ins>member</ins>"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn of_an_erased_text_it_is_said_that_it_was_erased() {
    let scene = Scene::set().await;
    let (olive, card) = (scene.owner(), scene.cards[0]);
    olive.rename_card(card, "Sow early").await.expect(303);
    for erase in [
        "update card_updated_changes set old = null",
        "update card_updated set salt = null, title = null",
        "update addresses set address = null",
    ] {
        sqlx::query(erase).execute(scene.app.pool()).await.expect("erased");
    }
    // The one that recorded it has it still in memory.
    let mut other = Server::start(&scene.app.database.url().await).await;
    let client = olive.client.at(other.address());
    let page = client.get(&olive.path(&format!("cards/{card}/history"))).await.expect(200).body;
    assert!(page.contains("(erased)") && page.contains("<ins>Sow early</ins>"), "{page}");
    assert!(page.contains(" from an address that was erased"), "{page}");
    let csv = client.get(&olive.path("audit.csv?kind=card.updated")).await.expect(200).body;
    assert!(csv.contains("title: (erased) → Sow early") && csv.contains(",(erased),"), "{csv}");
    other.stop().await;
    scene.app.finish().await;
}
