//! A card deleted: its rows go, what happened to it stays and reads true.

use cairn::values::Role;

use super::Scene;

const OF_CARDS: [&str; 6] = ["cards", "closures", "assignments", "taggings", "comments", "watches"];

#[tokio::test]
async fn a_deleted_card_is_gone_with_all_that_hung_on_it() {
    let scene = Scene::set().await;
    let fields = [("user_id", &*scene.tomas.actor.user_id.to_string())];
    scene.olive().post(&scene.of_card("assignments"), &fields).await.expect(303);
    scene.olive().post(&scene.of_card("tags"), &[("name", "print")]).await.expect(303);
    scene.olive().comment(scene.card, "It reads well.").await.expect(303);
    scene.olive().post(&scene.of_card("closure"), &[]).await.expect(303);
    let asked = scene.tomas.get(&scene.of_card("deletion")).await.expect(200).body;
    assert!(asked.contains("with its one comment"), "{asked}");

    let card = format!("cards/{}", scene.card);
    scene.olive().delete(&card).await.expect(303);
    for table in OF_CARDS {
        assert_eq!(scene.count(table).await, 0, "{table} has rows of a card that is gone");
    }
    let gone = scene.tomas.get(&card).await.expect(410).body;
    assert!(gone.contains("This card is gone") && gone.contains("Olive Marsh"), "{gone}");
    let history = scene.tomas.get(&scene.of_card("history")).await.expect(200).body;
    for words in ["It reads well.", "deleted", "This card is gone", "Write the letter"] {
        assert!(history.contains(words), "the history lacks {words:?}");
    }
    let feed = scene.tomas.get("activity").await.expect(200).body;
    assert!(feed.contains("deleted") && feed.contains("Write the letter"), "{feed}");
    let tray = scene.tomas.get("notifications").await.expect(200).body;
    assert!(tray.contains("(deleted)"), "the notice of a card that is gone: {tray}");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_whoever_added_it_or_an_admin_may_delete_a_card() {
    let scene = Scene::set().await;
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    let jun = scene.app.member(&scene.account, "Jun Takeda", Role::Admin).await;
    let other = scene.tomas.add_card(scene.board, scene.columns[0], "Post it").await;
    let before = scene.activities().await;
    let card = format!("cards/{}", scene.card);
    amara.get(&format!("{card}/deletion")).await.expect(403);
    let refused = amara.delete(&card).await.expect(403);
    assert!(refused.body.contains("or an admin, may delete it"), "{}", refused.body);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.tomas.delete(&card).await.expect(303);
    jun.delete(&format!("cards/{other}")).await.expect(303);
    assert_eq!(scene.newest(2).await, ["card.deleted", "card.deleted"]);
    jun.delete(&card).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_that_never_was_is_not_found_and_one_of_a_private_board_neither() {
    let scene = Scene::set().await;
    scene.tomas.get("cards/404").await.expect(404);
    scene.tomas.get("cards/404/history").await.expect(404);
    let board = scene.private_board("Salaries").await;
    let cards = format!("boards/{board}/cards");
    scene.olive().post(&cards, &[("title", "Raise")]).await.expect(303);
    let card = format!("cards/{}", scene.card + 1);
    scene.olive().delete(&card).await.expect(303);
    scene.olive().get(&card).await.expect(410);
    scene.tomas.get(&card).await.expect(404);
    scene.tomas.get(&format!("{card}/history")).await.expect(404);
    scene.app.finish().await;
}
