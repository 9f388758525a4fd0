//! Lists: arrays in pages, each of which links to the next.

use serde_json::{Value, json};

use super::{Scene, problem, text};

fn ids(list: &[Value]) -> Vec<String> {
    list.iter().map(|thing| text(&thing["id"])).collect()
}

#[tokio::test]
async fn every_list_can_be_followed_to_its_end() {
    let scene = Scene::set().await;
    let card = scene.add_card("Write the letter").await;
    let comments = format!("cards/{card}/comments");
    for number in 1..=4 {
        let name = json!({ "name": format!("Board {number}") });
        scene.program.post("boards", &name).await.expect(201);
        let body = json!({ "body": format!("Comment {number}") });
        scene.program.post(&comments, &body).await.expect(201);
        let email = format!("person{number}@example.com");
        let invitation = json!({ "email": email, "role": "member" });
        scene.program.post("invitations", &invitation).await.expect(201);
    }
    for (path, length) in [
        ("boards", 5),
        (comments.as_str(), 4),
        ("invitations", 4),
        ("members", 1),
        (&format!("cards/{card}/history"), 5),
    ] {
        let (lengths, whole) = scene.program.pages(path).await;
        assert_eq!(lengths, [length], "{path} in one page");
        let (lengths, parts) = scene.program.pages(&format!("{path}?limit=2")).await;
        assert!(lengths.iter().all(|length| *length <= 2), "{path}: {lengths:?}");
        assert_eq!(ids(&parts), ids(&whole), "{path} in pages");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_refused_by_name() {
    let scene = Scene::set().await;
    let card = scene.add_card("Write the letter").await;
    for (path, name) in [
        ("boards?limit=0", "limit"),
        ("boards?limit=1001", "limit"),
        ("boards?limit=many", "limit"),
        ("boards?after=7", "after"),
        ("boards?page=2", "page"),
        ("members?limit=1&limit=2", "limit"),
        ("activities?sort=oldest", "sort"),
        ("activities?kind=card.melted", "kind"),
        ("activities?board_id=7", "board_id"),
        ("activities?after=1&before=9", "before"),
        ("events?before=9", "before"),
        (&format!("cards/{card}?fields=title"), "fields"),
        (&format!("cards/{card}/history?before=x"), "before"),
    ] {
        let detail = problem(scene.program.get(path).await, 400);
        assert!(detail.starts_with(&format!("{name}: ")), "{path}: {detail}");
    }
    let body = json!({ "name": "A" });
    problem(scene.program.post("boards?dry_run=yes", &body).await, 400);
    scene.app.finish().await;
}
