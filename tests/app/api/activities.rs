//! The log: activities as people read them, and events as webhooks send them.

use serde_json::{Value, json};

use super::{Scene, text};

fn sequences(list: &[Value]) -> Vec<i64> {
    list.iter().map(|entry| entry["sequence"].as_i64().expect("a sequence")).collect()
}

#[tokio::test]
async fn the_log_reads_both_ways() {
    let scene = Scene::set().await;
    for number in 0..52 {
        scene.add_card(&format!("Card {number}")).await;
    }
    let head = scene.activities().await;
    let newest = scene.program.get("activities").await.expect(200).json();
    let newest = sequences(newest.as_array().expect("an array"));
    assert_eq!(newest, (head - 49..=head).rev().collect::<Vec<_>>());

    let (lengths, all) = scene.program.pages("activities?limit=20").await;
    assert_eq!(sequences(&all), (1..=head).rev().collect::<Vec<_>>(), "pages of {lengths:?}");
    for path in ["activities?after=3&limit=1000", "activities?after=3&limit=7", "events?after=3"] {
        let (_, all) = scene.program.pages(path).await;
        assert_eq!(sequences(&all), (4..=head).collect::<Vec<_>>(), "{path}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn the_log_is_read_by_board_and_by_kinds() {
    let scene = Scene::set().await;
    let card = scene.add_card("Write the letter").await;
    let comment = json!({ "body": "It reads well." });
    scene.program.post(&format!("cards/{card}/comments"), &comment).await.expect(201);
    let names = async |path: &str| {
        let (_, all) = scene.program.pages(path).await;
        all.iter().map(|entry| text(&entry["event"])).collect::<Vec<_>>()
    };
    let both = names("activities?kind=card.added&kind=comment.added").await;
    assert_eq!(both, ["comment.added", "card.added"]);
    let here = names(&format!("events?board_id={}", scene.board)).await;
    assert_eq!(here, ["board.created", "column.added", "card.added", "comment.added"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_activity_and_its_event_speak_of_the_same() {
    let scene = Scene::set().await;
    scene.add_card("Write the letter").await;
    let activities = scene.program.get("activities?limit=1").await.expect(200).json();
    let (activity, owner) = (&activities[0], &scene.account.owner.actor);
    assert_eq!(activity["creator"], json!({ "id": owner.user_id, "name": "Olive Marsh" }));
    assert_eq!(activity["board_id"], json!(scene.board));
    assert_eq!(activity["card_number"], 1);
    let sequence = activity["sequence"].as_i64().expect("a sequence");
    let events = scene.program.get(&format!("events?after={}", sequence - 1)).await.json();
    let event = &events[0];
    for field in ["id", "event", "created_at", "sequence"] {
        assert_eq!(event[field], activity[field], "{field}");
    }
    assert_eq!(event["account"], json!({ "id": owner.account.id, "slug": "northfold" }));
    assert_eq!(event["data"]["creator_id"], json!(owner.user_id));
    scene.app.finish().await;
}
