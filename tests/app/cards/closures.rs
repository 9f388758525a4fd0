//! A card closed: it leaves its column, and comes back when it is reopened.

use super::Scene;

#[tokio::test]
async fn a_closed_card_leaves_its_column_and_comes_back_at_the_end() {
    let scene = Scene::set().await;
    let second = scene.tomas.add_card(scene.board, scene.columns[0], "Post it").await;
    let closure = scene.of_card("closure");
    scene.olive().post(&closure, &[]).await.expect(303);
    assert_eq!(scene.on_board(scene.olive(), scene.board).await, [second]);
    let page = scene.page(&scene.tomas).await;
    assert!(page.contains("by Olive Marsh"), "the page does not say who closed it");
    let closed = format!("boards/{}/closed_cards", scene.board);
    let list = scene.tomas.get(&closed).await.expect(200).body;
    assert!(list.contains("Write the letter") && !list.contains("Post it"), "{list}");

    scene.tomas.delete(&closure).await.expect(303);
    assert_eq!(scene.on_board(scene.olive(), scene.board).await, [second, scene.card]);
    assert_eq!(scene.newest(2).await, ["card.reopened", "card.closed"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn closing_what_is_closed_and_reopening_what_is_open_is_no_event() {
    let scene = Scene::set().await;
    let closure = scene.of_card("closure");
    let before = scene.activities().await;
    scene.olive().delete(&closure).await.expect(303);
    assert_eq!(scene.activities().await, before, "an open card was reopened");
    scene.olive().post(&closure, &[]).await.expect(303);
    scene.tomas.post(&closure, &[]).await.expect(303);
    assert_eq!(scene.activities().await, before + 1, "a closed card was closed");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_closed_card_is_not_moved() {
    let scene = Scene::set().await;
    let elsewhere = scene.olive().create_board("Website").await;
    scene.olive().add_column(elsewhere, "Ideas").await;
    scene.olive().post(&scene.of_card("closure"), &[]).await.expect(303);
    let before = scene.activities().await;
    let refused = scene.olive().move_card(scene.card, scene.columns[1]).await.expect(422);
    assert!(refused.body.contains("reopen it before you move it"), "{}", refused.body);
    let fields = [("board_id", &*elsewhere.to_string())];
    let refused = scene.olive().post(&scene.of_card("board_moves"), &fields).await.expect(422);
    assert!(refused.body.contains("reopen it before you move it"), "{}", refused.body);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn positions_count_open_cards_only() {
    let scene = Scene::set().await;
    let done = scene.columns[1];
    let mut others = Vec::new();
    for title in ["One", "Two", "Three"] {
        others.push(scene.tomas.add_card(scene.board, done, title).await);
    }
    scene.tomas.post(&format!("cards/{}/closure", others[0]), &[]).await.expect(303);
    let fields = [("column_id", &*done.to_string()), ("position", "1")];
    scene.olive().post(&scene.of_card("moves"), &fields).await.expect(303);
    let expected = [others[1], scene.card, others[2]];
    assert_eq!(scene.on_board(scene.olive(), scene.board).await, expected);
    scene.app.finish().await;
}

#[tokio::test]
async fn closed_cards_are_listed_in_pages() {
    let scene = Scene::set().await;
    for number in 0..55 {
        let title = format!("Closed {number}");
        let card = scene.tomas.add_card(scene.board, scene.columns[0], &title).await;
        scene.tomas.post(&format!("cards/{card}/closure"), &[]).await.expect(303);
    }
    let path = format!("boards/{}/closed_cards", scene.board);
    let first = scene.tomas.get(&path).await.expect(200).body;
    assert!(first.contains("Closed 54<") && !first.contains("Closed 4<"), "{first}");
    let next = first.split("/closed_cards?").nth(1).expect("a link to the next page");
    let next = next.split('"').next().expect("its end");
    let second = scene.tomas.get(&format!("{path}?{next}")).await.expect(200).body;
    assert!(second.contains("Closed 4<") && !second.contains("Closed 54<"), "{second}");
    assert!(!second.contains("/closed_cards?"), "a page after the last one");
    scene.tomas.get(&format!("{path}?after=7")).await.expect(400);
    scene.app.finish().await;
}
