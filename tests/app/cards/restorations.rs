//! What happened is undone from its history, as a new event that names what it undid.

use cairn::values::Role;
use cairn::values::id::EventId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Scene;
use crate::backup::cairn;
use crate::support::client::Answer;
use crate::support::people::Person;

impl Scene {
    /// The id of the newest event.
    pub(super) async fn newest_event(&self) -> EventId {
        self.newest_activities(1).await[0].header.id
    }

    pub(super) async fn undo(&self, person: &Person, event: EventId) -> Answer {
        person.post(&format!("activities/{event}/restoration"), &[]).await
    }

    /// Undoes the newest event, which the new one names; it cannot be undone once more.
    async fn undo_newest(&self, person: &Person) -> EventId {
        let event = self.newest_event().await;
        let asked = person.get(&format!("activities/{event}/restoration")).await.expect(200).body;
        assert!(asked.contains("type=\"submit\""), "{asked}");
        self.undo(person, event).await.expect(303);
        let newest = self.newest_activities(1).await;
        assert_eq!(newest[0].header.undoes_id, Some(event), "{:?}", newest[0].event);
        let twice = self.undo(person, event).await.expect(422).body;
        assert!(twice.contains("This was undone already"), "{twice}");
        event
    }

    /// The card as the tables have it, with all that hangs on it; not the moments, which the log knows
    /// a little later, and the rank, which is another one between the same neighbours.
    async fn card_as_stored(&self) -> Value {
        let query = "select jsonb_build_object(
            'card', (select to_jsonb(c) - '{version,updated_at,created_at,rank}'::text[]
                from cards c where number = $1),
            'closed', (select jsonb_agg(closer_id) from closures),
            'tags', (select jsonb_agg(tag_id) from taggings),
            'people', (select jsonb_agg(user_id order by created_at) from assignments),
            'followers', (select jsonb_agg(user_id order by user_id) from watches),
            'comments', (select jsonb_agg(to_jsonb(m) - '{created_at,edited_at}'::text[]
                order by id) from comments m))";
        sqlx::query_scalar(query).bind(self.card).fetch_one(self.app.pool()).await.expect("a card")
    }

    /// The ids of all comments, the oldest first.
    pub(super) async fn comments(&self) -> Vec<Uuid> {
        let query = sqlx::query_scalar("select id from comments order by id");
        query.fetch_all(self.app.pool()).await.expect("comments")
    }

    pub(super) async fn verify(&self) {
        let (done, said) = cairn(["verify"], &self.app.database.url().await).await;
        assert!(done, "{said}");
    }
}

#[tokio::test]
async fn an_edit_is_undone_and_the_history_says_what_undid_it() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let fields = [("title", "Write the long letter"), ("description", "Two pages.")];
    olive.patch(&format!("cards/{}", scene.card), &fields).await.expect(303);
    let event = scene.newest_event().await;
    let path = format!("activities/{event}/restoration");
    let history = scene.tomas.get(&scene.of_card("history")).await.expect(200).body;
    assert!(history.contains(&format!("{path}\"")), "{history}");
    let asked = scene.tomas.get(&path).await.expect(200).body;
    assert!(asked.contains("<del>long </del>"), "{asked}");

    scene.undo_newest(&scene.tomas).await;
    let card = &scene.card_as_stored().await["card"];
    assert_eq!((&card["title"], &card["description"]), (&json!("Write the letter"), &json!("")));
    let history = olive.get(&scene.of_card("history")).await.expect(200).body;
    assert!(history.contains("undoes") && history.contains("undone by"), "{history}");
    assert!(!history.contains(&format!("{path}\"")), "it is offered again: {history}");
    // What undid it can be undone in its turn.
    scene.undo_newest(olive).await;
    assert_eq!(scene.card_as_stored().await["card"]["description"], "Two pages.");
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_edit_is_undone_over_later_ones_and_only_as_it_was_seen() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    olive.rename_card(scene.card, "Write two letters").await.expect(303);
    let event = scene.newest_event().await;
    olive.rename_card(scene.card, "Write three letters").await.expect(303);
    let path = format!("activities/{event}/restoration");
    let late = olive.post(&path, &[("version", "2")]).await.expect(409).body;
    assert!(late.contains("Somebody changed this while you looked"), "{late}");
    olive.post(&path, &[("version", "3")]).await.expect(303);
    assert!(scene.page(olive).await.contains("Write the letter"));
    assert_eq!(scene.newest(1).await, ["card.updated"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_move_is_undone_to_where_the_card_stood() {
    let scene = Scene::set().await;
    let (olive, [doing, done]) = (scene.olive(), scene.columns);
    let other = olive.add_card(scene.board, doing, "Post it").await;
    let last = olive.add_card(scene.board, doing, "Wait").await;
    let order = [scene.card, other, last];
    olive.move_card(other, done).await.expect(303);
    scene.undo_newest(&scene.tomas).await;
    assert_eq!(scene.on_board(olive, scene.board).await, order);
    assert_eq!(scene.newest(1).await, ["card.moved"]);
    let fields = [("column_id", &*doing.to_string()), ("position", "0")];
    olive.post(&format!("cards/{last}/moves"), &fields).await.expect(303);
    scene.undo_newest(olive).await;
    assert_eq!(scene.on_board(olive, scene.board).await, order);
    assert_eq!(scene.newest(1).await, ["card.reordered"]);
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_move_to_another_board_is_undone() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let website = olive.create_board("Website").await;
    olive.add_column(website, "Ideas").await;
    let other = olive.add_card(scene.board, scene.columns[0], "Post it").await;
    let fields = [("board_id", &*website.to_string())];
    olive.post(&scene.of_card("board_moves"), &fields).await.expect(303);
    let moved = scene.newest_activities(2).await[1].header.id;
    scene.undo(olive, moved).await.expect(303);
    assert_eq!(scene.on_board(olive, scene.board).await, [scene.card, other]);
    assert_eq!(scene.newest(2).await, ["card.moved_from_board", "card.moved_to_board"]);
    let newest = scene.newest_activities(2).await;
    assert_eq!(newest[1].header.undoes_id, Some(moved));
    assert_eq!(newest[0].header.undoes_id, None, "what it entails undoes nothing");
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_closing_is_undone_to_where_the_card_stood() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let other = olive.add_card(scene.board, scene.columns[0], "Post it").await;
    olive.post(&scene.of_card("closure"), &[]).await.expect(303);
    scene.undo_newest(&scene.tomas).await;
    assert_eq!(scene.on_board(olive, scene.board).await, [scene.card, other]);
    assert_eq!(scene.newest(1).await, ["card.reopened"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_comment_gets_its_words_back_and_comes_back_to_its_place() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    tomas.comment(scene.card, "One page will do.").await.expect(303);
    olive.comment(scene.card, "Two.").await.expect(303);
    let comment = scene.comments().await[0];
    let comment = scene.of_card(&format!("comments/{comment}"));
    let fields = [("body", "Half a page will do."), ("version", "1")];
    tomas.patch(&comment, &fields).await.expect(303);
    scene.undo_newest(tomas).await;
    assert_eq!(scene.newest(1).await, ["comment.edited"]);
    let before = scene.card_as_stored().await;
    assert_eq!(before["comments"][0]["body"], "One page will do.");

    olive.delete(&comment).await.expect(303);
    let event = scene.undo_newest(olive).await;
    assert_eq!(scene.newest(1).await, ["comment.restored"]);
    assert_eq!(scene.card_as_stored().await, before);
    let found = tomas.get("search?q=half").await.expect(200).body;
    assert!(!found.contains("Half a page"), "{found}");
    let found = tomas.get("search?q=page").await.expect(200).body;
    assert!(found.contains("page</mark> will do") || found.contains("page will do"), "{found}");
    let entry = tomas.get(&format!("activities/{event}")).await.expect(200).body;
    assert!(entry.contains("undone by"), "{entry}");
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_card_comes_back_with_all_that_hung_on_it() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    let other = olive.add_card(scene.board, scene.columns[0], "Post it").await;
    for person in [&amara.actor, &tomas.actor] {
        let fields = [("user_id", &*person.user_id.to_string())];
        olive.post(&scene.of_card("assignments"), &fields).await.expect(303);
    }
    olive.post(&scene.of_card("tags"), &[("name", "print")]).await.expect(303);
    let path = format!("cards/{}", scene.card);
    olive.patch(&path, &[("description", "Two pages.")]).await.expect(303);
    tomas.comment(scene.card, "It reads well.").await.expect(303);
    olive.comment(scene.card, "Off with it.").await.expect(303);
    let second = scene.of_card(&format!("comments/{}", scene.comments().await[1]));
    olive.delete(&second).await.expect(303);

    for is_closed in [false, true] {
        if is_closed {
            olive.post(&scene.of_card("closure"), &[]).await.expect(303);
        }
        let before = scene.card_as_stored().await;
        tomas.delete(&path).await.expect(303);
        tomas.get(&path).await.expect(410);
        scene.undo_newest(tomas).await;
        assert_eq!(scene.newest(1).await, ["card.restored"]);
        assert_eq!(scene.card_as_stored().await, before);
        let found = tomas.get("search?q=two+pages").await.expect(200).body;
        assert!(found.contains("Write the letter"), "{found}");
    }
    assert_eq!(scene.on_board(olive, scene.board).await, [other], "it was closed");
    let tray = amara.get("notifications").await.expect(200).body;
    assert!(tray.contains("restored"), "who followed it is told: {tray}");
    let feed = amara.get("activity").await.expect(200).body;
    assert!(feed.contains(&format!("/cards/{}\"", scene.card)), "its name leads to it: {feed}");
    scene.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_program_undoes_and_is_told_of_it() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let program = scene.app.program(olive, cairn::values::Scope::Write).await;
    olive.move_card(scene.card, scene.columns[1]).await.expect(303);
    let event = scene.newest_event().await;
    let path = format!("events/{event}/restoration");
    let card = program.post(&path, &json!({})).await.expect(201).json();
    assert_eq!(card["column_id"], scene.columns[0].to_string(), "{card}");
    let newest = program.get("activities?limit=1").await.expect(200).json();
    assert_eq!(newest[0]["undoes_id"], event.to_string(), "{newest}");
    let sent = format!("events/{}", newest[0]["id"].as_str().expect("an id"));
    let sent = program.get(&sent).await.expect(200).json();
    assert_eq!(sent["data"]["undoes_id"], event.to_string(), "{sent}");
    let twice = program.post(&path, &json!({})).await.expect(422).json();
    assert_eq!(twice["errors"][0]["field"], "event", "{twice}");
    let last = format!("events/{}/restoration", scene.newest_event().await);
    let reader = scene.app.program(olive, cairn::values::Scope::Read).await;
    reader.post(&last, &json!({})).await.expect(403);
    scene.app.finish().await;
}
