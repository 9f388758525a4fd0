//! Private boards in the audit: an admin who does not see one reads that something happened, not what.

use serde_json::Value;

use super::Scene;

#[tokio::test]
async fn an_admin_who_was_not_chosen_reads_that_something_happened_and_not_what() {
    let scene = Scene::set().await;
    let olive = scene.owner();
    let fields = [("name", "Wages"), ("access", "chosen")];
    let made = olive.post("boards", &fields).await.expect(303);
    let board = made.header("location").rsplit('/').next().expect("an id").parse();
    let board = board.expect("an id");
    let column = olive.add_column(board, "To do").await;
    let card = olive.add_card(board, column, "Raise them").await;
    let head = scene.head().await;

    let page = scene.tomas.get("audit").await.expect(200).body;
    let secrets = ["Wages", "Raise them", &board.to_string(), &format!("/cards/{card}")];
    for secret in secrets {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
    assert!(page.contains(&format!("id=\"entry_{head}\"")), "that it happened: {page}");
    assert!(page.contains("did something on a board that you don’t see"), "{page}");
    let own = olive.get("audit").await.expect(200).body;
    assert!(own.contains("Raise them") && !own.contains("that you don’t see"), "{own}");

    let lines = scene.tomas.get("audit.ndjson").await.expect(200).body;
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["sequence"], head);
    assert_eq!(first["creator"]["name"], "Olive Marsh");
    for field in ["event", "board_id", "card_number", "data"] {
        assert_eq!(first[field], Value::Null, "{field} of {first}");
    }
    let csv = scene.tomas.get("audit.csv").await.expect(200).body;
    for secret in secrets {
        assert!(!lines.contains(secret) && !csv.contains(secret), "{secret}");
    }
    assert!(
        csv.contains(",Olive Marsh,,Something on a board that you don’t see,browser,"),
        "{csv}"
    );

    // Whoever asks for a kind is not told which of the hidden ones are of it.
    for query in ["kind=card.added", "kind=column.*"] {
        let page = scene.tomas.get(&format!("audit?{query}")).await.expect(200).body;
        assert!(!page.contains("that you don’t see") && page.contains("id=\"entry_"), "{page}");
    }
    for query in [format!("board_id={board}"), format!("card={card}")] {
        for file in ["audit", "audit.csv", "audit.ndjson"] {
            scene.tomas.get(&format!("{file}?{query}")).await.expect(422);
            olive.get(&format!("{file}?{query}")).await.expect(200);
        }
    }
    scene.tomas.get(&format!("boards/{board}/history")).await.expect(404);
    let event = first["id"].as_str().expect("an id");
    scene.tomas.get(&format!("activities/{event}")).await.expect(404);
    olive.get(&format!("activities/{event}")).await.expect(200);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_concerns_admins_alone_is_no_entry_for_a_member() {
    let scene = Scene::set().await;
    let member = scene.app.member(&scene.account, "Rowan Hale", cairn::values::Role::Member).await;
    let lines = scene.owner().get("audit.ndjson?kind=session.started").await.expect(200).body;
    let line: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    let path = format!("activities/{}", line["id"].as_str().expect("an id"));
    member.get(&path).await.expect(404);
    scene.owner().get(&path).await.expect(200);
    scene.app.finish().await;
}
