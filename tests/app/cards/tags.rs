//! Cards marked with tags.

use cairn::domain::cards;
use uuid::Uuid;

use super::Scene;
use crate::support::client::Answer;

impl Scene {
    async fn tag(&self, name: &str) -> Answer {
        self.tomas.post(&self.of_card("tags"), &[("name", name)]).await
    }
}

#[tokio::test]
async fn a_tag_is_made_once_however_it_is_written() {
    let scene = Scene::set().await;
    let other = scene.tomas.add_card(scene.board, scene.columns[0], "Post it").await;
    scene.tag("Äpfel").await.expect(303);
    let before = scene.activities().await;
    scene.tag(" äpfel ").await.expect(303);
    assert_eq!(scene.activities().await, before, "the card was tagged twice");
    let tags = format!("cards/{other}/tags");
    scene.olive().post(&tags, &[("name", "ÄPFEL")]).await.expect(303);
    assert_eq!((scene.count("tags").await, scene.count("taggings").await), (1, 2));
    let board = scene.olive().get(&format!("boards/{}", scene.board)).await.expect(200).body;
    assert_eq!(board.matches(">Äpfel</li>").count(), 2, "a chip on each face");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_tag_comes_off_once() {
    let scene = Scene::set().await;
    scene.tag("print").await.expect(303);
    let id = sqlx::query_scalar("select id from tags").fetch_one(scene.app.pool());
    let id: Uuid = id.await.expect("a tag");
    let path = scene.of_card(&format!("tags/{id}"));
    scene.olive().delete(&path).await.expect(303);
    scene.olive().delete(&path).await.expect(303);
    assert_eq!(scene.newest(2).await, ["card.untagged", "card.tagged"]);
    assert_eq!(scene.count("taggings").await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_no_tag_is_marked_and_fifty_are_the_most() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let long = "x".repeat(51);
    for name in ["", "  ", "a\nb", long.as_str()] {
        let refused = scene.tag(name).await.expect(422);
        assert!(refused.body.contains("aria-describedby=\"tag_name_error\""), "{name:?}");
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    for number in 1..=50 {
        scene.tag(&format!("tag {number}")).await.expect(303);
    }
    let refused = scene.tag("one more").await.expect(422);
    assert!(refused.body.contains("fifty tags at the most"), "{}", refused.body);
    scene.tag("TAG 7").await.expect(303);
    assert_eq!(scene.activities().await, before + 50);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_face_alone_is_the_one_on_its_board() {
    let scene = Scene::set().await;
    let account = scene.olive().actor.account.id;
    let mut connection = scene.app.pool().acquire().await.expect("a connection");
    let bare = cards::faces_of_board(&mut connection, account, scene.board).await.expect("faces");
    let alone = cards::face(&mut connection, account, bare[0].id).await.expect("a face");
    assert_eq!(alone.as_ref(), bare.first());
    assert!(bare[0].tags.is_empty() && bare[0].assignees.is_empty());

    for name in ["print", "Äpfel", "attic"] {
        scene.tag(name).await.expect(303);
    }
    for person in [&scene.tomas, scene.olive()] {
        let id = person.actor.user_id.to_string();
        let assignments = scene.of_card("assignments");
        scene.olive().post(&assignments, &[("user_id", &id)]).await.expect(303);
    }
    scene.tomas.comment(scene.card, "It reads well.").await.expect(303);
    let marked = cards::faces_of_board(&mut connection, account, scene.board).await.expect("faces");
    let alone = cards::face(&mut connection, account, marked[0].id).await.expect("a face");
    assert_eq!(alone.as_ref(), marked.first());
    let face = alone.expect("a face");
    assert_eq!((face.tags.len(), face.assignees.len(), face.comments), (3, 2, 1));
    drop(connection);
    scene.app.finish().await;
}
