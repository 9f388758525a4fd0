//! Comments edited and deleted.

use cairn::values::Role;
use uuid::Uuid;

use super::Scene;

impl Scene {
    /// Tomas says something; where it is.
    async fn said(&self, body: &str) -> String {
        self.tomas.comment(self.card, body).await.expect(303);
        let query = sqlx::query_scalar("select id from comments order by id desc limit 1");
        let id: Uuid = query.fetch_one(self.app.pool()).await.expect("the new comment");
        self.of_card(&format!("comments/{id}"))
    }
}

#[tokio::test]
async fn an_author_edits_and_the_history_keeps_both_texts() {
    let scene = Scene::set().await;
    let comment = scene.said("It reads.").await;
    scene.tomas.get(&format!("{comment}/edit")).await.expect(200);
    let fields = [("body", "It reads well."), ("version", "1")];
    scene.tomas.patch(&comment, &fields).await.expect(303);
    let page = scene.page(&scene.tomas).await;
    assert!(page.contains("It reads well.") && page.contains("edited "), "{page}");
    let history = scene.olive().get(&scene.of_card("history")).await.expect(200).body;
    assert!(
        history.contains("It reads<span class=\"sr-only\"> put in: </span><ins> well</ins>"),
        "{history}"
    );
    let before = scene.activities().await;
    let same = [("body", "It reads well."), ("version", "2")];
    scene.tomas.patch(&comment, &same).await.expect(303);
    assert_eq!(scene.activities().await, before, "an edit that changes nothing");
    scene.app.finish().await;
}

#[tokio::test]
async fn two_edits_at_once_lose_nothing() {
    let scene = Scene::set().await;
    let comment = scene.said("It reads.").await;
    let first = [("body", "It reads well."), ("version", "1")];
    scene.tomas.patch(&comment, &first).await.expect(303);
    let before = scene.activities().await;
    let second = [("body", "It reads badly."), ("version", "1")];
    let answer = scene.tomas.patch(&comment, &second).await.expect(409);
    for text in ["It reads well.", "It reads badly.", "name=\"version\" value=\"2\""] {
        assert!(answer.body.contains(text), "{text:?} is not on the page: {}", answer.body);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_its_author_edits_and_an_admin_may_delete() {
    let scene = Scene::set().await;
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    let comment = scene.said("It reads well.").await;
    let before = scene.activities().await;
    for person in [scene.olive(), &amara] {
        person.patch(&comment, &[("body", "Mine."), ("version", "1")]).await.expect(403);
    }
    amara.get(&format!("{comment}/edit")).await.expect(403);
    amara.delete(&comment).await.expect(403);
    assert_eq!(scene.activities().await, before, "something was recorded");
    let page = scene.olive().get(&format!("{comment}/edit")).await.expect(200).body;
    assert!(!page.contains("<textarea") && page.contains("Delete the comment"), "{page}");
    scene.olive().delete(&comment).await.expect(303);
    assert_eq!(scene.newest(1).await, ["comment.deleted"]);
    assert!(!scene.page(&amara).await.contains("comment__head"), "it is still there");
    scene.tomas.delete(&comment).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_no_comment_is_marked_and_one_of_another_card_not_found() {
    let scene = Scene::set().await;
    let comment = scene.said("It reads well.").await;
    let other = scene.tomas.add_card(scene.board, scene.columns[0], "Post it").await;
    let before = scene.activities().await;
    let refused = scene.tomas.patch(&comment, &[("body", "  "), ("version", "1")]).await;
    assert!(refused.expect(422).body.contains("aria-invalid=\"true\""), "no field is marked");
    let elsewhere = comment.replace(&format!("cards/{}/", scene.card), &format!("cards/{other}/"));
    scene.tomas.patch(&elsewhere, &[("body", "Moved.")]).await.expect(404);
    scene.tomas.delete(&elsewhere).await.expect(404);
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}
