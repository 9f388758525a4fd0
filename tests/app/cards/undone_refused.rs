//! What cannot be undone is said, what has no place is asked for, and nothing is lost.

use cairn::values::Role;
use cairn::values::id::EventId;

use super::Scene;

impl Scene {
    /// What whoever asks to undo something is told; nothing is recorded.
    async fn refused(&self, person: &super::Person, event: EventId, status: u16) -> String {
        let before = self.activities().await;
        let told = self.undo(person, event).await.expect(status).body;
        assert_eq!(self.activities().await, before, "something was recorded");
        told
    }
}

#[tokio::test]
async fn a_column_that_is_gone_is_asked_for() {
    let scene = Scene::set().await;
    let (olive, [doing, done]) = (scene.olive(), scene.columns);
    olive.move_card(scene.card, done).await.expect(303);
    let moved = scene.newest_event().await;
    olive.delete(&format!("boards/{}/columns/{doing}", scene.board)).await.expect(303);
    let later = olive.add_column(scene.board, "Later").await;
    let path = format!("activities/{moved}/restoration");
    let asked = olive.get(&path).await.expect(200).body;
    assert!(asked.contains("“Doing”, which is gone") && asked.contains("Later"), "{asked}");
    let told = scene.refused(olive, moved, 422).await;
    assert!(told.contains("Choose where it goes"), "{told}");
    for wrong in [&*doing.to_string(), "nowhere"] {
        let told = olive.post(&path, &[("column_id", wrong)]).await.expect(422).body;
        assert!(told.contains("There is no such column."), "{told}");
    }
    olive.post(&path, &[("column_id", &later.to_string())]).await.expect(303);
    let newest = scene.newest_activities(1).await;
    assert_eq!(newest[0].header.undoes_id, Some(moved));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_of_a_board_that_was_put_away_asks_where_it_goes() {
    let scene = Scene::set().await;
    let (olive, [doing, _]) = (scene.olive(), scene.columns);
    let website = olive.create_board("Website").await;
    let ideas = olive.add_column(website, "Ideas").await;
    let card = format!("cards/{}", scene.card);
    olive.comment(scene.card, "Off with it.").await.expect(303);
    olive.delete(&card).await.expect(303);
    let deleted = scene.newest_event().await;
    olive.post(&format!("boards/{}/archival", scene.board), &[]).await.expect(303);
    let told = scene.refused(olive, deleted, 422).await;
    assert!(told.contains("Choose where it goes"), "{told}");
    assert!(!told.contains(&format!("value=\"{doing}\"")), "a column of that board is offered");
    let path = format!("activities/{deleted}/restoration");
    olive.post(&path, &[("column_id", &ideas.to_string())]).await.expect(303);
    assert_eq!(scene.on_board(olive, website).await, [scene.card]);
    let page = olive.get(&card).await.expect(200).body;
    assert!(page.contains("Off with it."), "{page}");
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_undone_says_why() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let added = scene.newest_event().await;
    let told = scene.refused(olive, added, 422).await;
    assert!(told.contains("This cannot be undone from here."), "{told}");
    olive.rename_card(scene.card, "Write two letters").await.expect(303);
    let renamed = scene.newest_event().await;
    olive.rename_card(scene.card, "Write the letter").await.expect(303);
    let told = scene.refused(olive, renamed, 422).await;
    assert!(told.contains("says that already"), "{told}");
    olive.post(&scene.of_card("closure"), &[]).await.expect(303);
    let closed = scene.newest_event().await;
    olive.delete(&scene.of_card("closure")).await.expect(303);
    let told = scene.refused(olive, closed, 422).await;
    assert!(told.contains("open already"), "{told}");
    olive.move_card(scene.card, scene.columns[1]).await.expect(303);
    let moved = scene.newest_event().await;
    olive.move_card(scene.card, scene.columns[0]).await.expect(303);
    let told = scene.refused(olive, moved, 422).await;
    assert!(told.contains("stands there already"), "{told}");
    olive.post(&scene.of_card("closure"), &[]).await.expect(303);
    let told = scene.refused(olive, moved, 422).await;
    assert!(told.contains("The card is closed. Reopen it first."), "{told}");
    olive.delete(&format!("cards/{}", scene.card)).await.expect(303);
    let told = scene.refused(olive, renamed, 422).await;
    assert!(told.contains("If it was deleted, restore it first"), "{told}");
    scene.refused(olive, EventId::new(), 404).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn only_who_may_undoes() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    tomas.comment(scene.card, "One page will do.").await.expect(303);
    let comment = scene.of_card(&format!("comments/{}", scene.comments().await[0]));
    let fields = [("body", "Half a page will do."), ("version", "1")];
    tomas.patch(&comment, &fields).await.expect(303);
    let edited = scene.newest_event().await;
    scene.refused(olive, edited, 403).await;
    tomas.delete(&comment).await.expect(303);
    let taken_back = scene.newest_event().await;
    let told = scene.refused(olive, taken_back, 403).await;
    assert!(told.contains("Its author took it back"), "{told}");
    scene.undo(tomas, taken_back).await.expect(303);
    olive.delete(&comment).await.expect(303);
    let deleted = scene.newest_event().await;
    scene.refused(tomas, deleted, 403).await;
    scene.undo(olive, deleted).await.expect(303);
    tomas.delete(&format!("cards/{}", scene.card)).await.expect(303);
    let deleted = scene.newest_event().await;
    let history = amara.get(&scene.of_card("history")).await.expect(200).body;
    assert!(!history.contains(&format!("{deleted}/restoration")), "{history}");
    let told = scene.refused(&amara, deleted, 403).await;
    assert!(told.contains("or an admin, may restore it"), "{told}");
    scene.undo(olive, deleted).await.expect(303);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_on_a_board_that_one_does_not_see_is_not_found() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let salaries = scene.private_board("Salaries").await;
    let column = olive.add_column(salaries, "Now").await;
    let card = olive.add_card(salaries, column, "Raise").await;
    olive.delete(&format!("cards/{card}")).await.expect(303);
    let deleted = scene.newest_event().await;
    scene.refused(&scene.tomas, deleted, 404).await;
    scene.tomas.get(&format!("activities/{deleted}/restoration")).await.expect(404);
    scene.undo(olive, deleted).await.expect(303);
    scene.app.finish().await;
}

#[tokio::test]
async fn of_two_who_undo_the_same_at_once_one_does() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    tomas.delete(&format!("cards/{}", scene.card)).await.expect(303);
    let deleted = scene.newest_event().await;
    let before = scene.activities().await;
    let (one, other) = tokio::join!(scene.undo(olive, deleted), scene.undo(tomas, deleted));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "{} {}", one.body, other.body);
    assert_eq!(scene.activities().await, before + 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn words_that_were_erased_do_not_come_back() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    tomas.comment(scene.card, "One page will do.").await.expect(303);
    let comment = scene.of_card(&format!("comments/{}", scene.comments().await[0]));
    olive.delete(&comment).await.expect(303);
    let deleted = scene.newest_event().await;
    olive.delete(&tomas.place()).await.expect(303);
    olive.post(&format!("{}/erasure", tomas.place()), &[]).await.expect(303);
    let told = scene.refused(olive, deleted, 422).await;
    assert!(told.contains("erased with the data of a former member"), "{told}");
    scene.app.finish().await;
}
