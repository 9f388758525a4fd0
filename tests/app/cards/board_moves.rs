//! A card moved to another board: both tell it, and neither says too much.

use cairn::values::Scope;
use cairn::values::id::BoardId;

use super::Scene;
use crate::support::client::Answer;

impl Scene {
    async fn move_to(&self, board: &str) -> Answer {
        self.olive().post(&self.of_card("board_moves"), &[("board_id", board)]).await
    }

    async fn feed_of(&self, board: BoardId) -> String {
        self.olive().get(&format!("boards/{board}/activity")).await.expect(200).body
    }
}

#[tokio::test]
async fn both_boards_tell_that_a_card_moved() {
    let scene = Scene::set().await;
    let website = scene.olive().create_board("Website").await;
    scene.olive().add_column(website, "Ideas").await;
    scene.tomas.comment(scene.card, "It reads well.").await.expect(303);
    scene.move_to(&website.to_string()).await.expect(303);
    assert!(scene.on_board(&scene.tomas, scene.board).await.is_empty(), "it is on both boards");
    assert_eq!(scene.on_board(&scene.tomas, website).await, [scene.card]);
    assert_eq!(scene.newest(2).await, ["card.moved_from_board", "card.moved_to_board"]);
    let moved = scene.newest_activities(2).await;
    assert_eq!(moved[0].header.cause_id, Some(moved[1].header.id), "one entails the other");
    let (left, came) = (scene.feed_of(scene.board).await, scene.feed_of(website).await);
    assert!(left.contains(">Website</a>"), "{left}");
    assert!(came.contains(">Spring catalogue</a>") && came.contains("brought"), "{came}");
    assert!(scene.page(&scene.tomas).await.contains("It reads well."), "comments go along");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_board_is_not_named_and_strangers_stay_behind() {
    let scene = Scene::set().await;
    let private = scene.private_board("Salaries").await;
    for person in [&scene.tomas.actor, &scene.olive().actor] {
        let fields = [("user_id", &*person.user_id.to_string())];
        scene.olive().post(&scene.of_card("assignments"), &fields).await.expect(303);
    }
    scene.move_to(&private.to_string()).await.expect(303);
    let kinds = scene.newest(3).await;
    assert_eq!(kinds, ["card.moved_from_board", "card.unassigned", "card.moved_to_board"]);
    let left = scene.tomas.get(&format!("boards/{}/activity", scene.board)).await.expect(200);
    assert!(left.body.contains("another board"), "{}", left.body);
    assert!(!left.body.contains("Salaries"), "the private board is named: {}", left.body);
    scene.tomas.get(&format!("cards/{}", scene.card)).await.expect(404);
    assert_eq!(scene.count("assignments").await, 1, "Olive’s own");
    assert_eq!(scene.count("watches").await, 1, "Olive’s own");
    let tray = scene.tomas.get("notifications").await.expect(200).body;
    assert!(tray.contains("All quiet"), "he is told of a card that he does not see: {tray}");

    scene.move_to(&scene.board.to_string()).await.expect(303);
    let came = scene.newest_activities(1).await.remove(0);
    assert_eq!(came.header.board_id, Some(scene.board));
    assert!(!came.event.data().to_string().contains("Salaries"), "{:?}", came.event);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_board_that_was_put_away_takes_no_card() {
    let scene = Scene::set().await;
    let autumn = scene.olive().create_board("Autumn").await;
    scene.olive().add_column(autumn, "Doing").await;
    scene.olive().post(&format!("boards/{autumn}/archival"), &[]).await.expect(303);
    let before = scene.activities().await;
    let refused = scene.move_to(&autumn.to_string()).await.expect(403);
    assert!(refused.body.contains("archived"), "{}", refused.body);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_on_a_private_board_stays_there_when_a_card_moves() {
    let scene = Scene::set().await;
    let private = scene.private_board("Salaries").await;
    scene.move_to(&private.to_string()).await.expect(303);
    scene.olive().comment(scene.card, "Between us.").await.expect(303);
    scene.move_to(&scene.board.to_string()).await.expect(303);
    let program = scene.app.program(&scene.tomas, Scope::Read).await;
    let hidden = private.to_string();
    let pages = || ["", "/history"].map(|rest| format!("cards/{}{rest}", scene.card));
    for path in pages() {
        let page = scene.tomas.get(&path).await.expect(200).body;
        assert!(!page.contains("Salaries"), "{path}: {page}");
    }
    let lists = ["activities", "events"].map(str::to_owned);
    let history = format!("cards/{}/history", scene.card);
    for path in lists.iter().chain([&history]) {
        let list = program.get(path).await.expect(200).body;
        assert!(!list.contains(&hidden) && !list.contains("Salaries"), "{path}: {list}");
    }
    scene.olive().delete(&format!("cards/{}", scene.card)).await.expect(303);
    for path in pages() {
        let answer = scene.tomas.get(&path).await;
        assert!(!answer.body.contains("Salaries"), "{path}: {}", answer.body);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn boards_that_take_no_card_are_refused_beside_the_field() {
    let scene = Scene::set().await;
    let empty = scene.olive().create_board("Empty").await.to_string();
    let theirs = scene.app.account("southfold").await.owner.create_board("Theirs").await;
    let private = scene.private_board("Salaries").await.to_string();
    scene.olive().get(&scene.of_card("board_moves/new")).await.expect(200);
    let before = scene.activities().await;
    for (board, words) in [
        (scene.board.to_string().as_str(), "on this board already"),
        (empty.as_str(), "has no columns yet"),
        (theirs.to_string().as_str(), "There is no such board."),
        ("nonsense", "There is no such board."),
        ("", "There is no such board."),
    ] {
        let refused = scene.move_to(board).await.expect(422);
        assert!(refused.body.contains(words), "{board:?}: {}", refused.body);
    }
    let fields = [("board_id", private.as_str())];
    let refused = scene.tomas.post(&scene.of_card("board_moves"), &fields).await.expect(422);
    assert!(refused.body.contains("There is no such board."), "{}", refused.body);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}
