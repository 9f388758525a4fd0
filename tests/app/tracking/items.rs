//! What is no report is refused by name, and spoils no other.

use cairn::values::Role;
use cairn::values::id::{BoardId, CommentId, EndpointId, TrackingEventId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Scene, refused, report, reporting, view, view_of};

/// A UUIDv7 of so many milliseconds since 1970.
fn id_of(milliseconds: u64) -> String {
    let id = TrackingEventId::new().uuid().as_u128();
    Uuid::from_u128((id << 48 >> 48) | (u128::from(milliseconds) << 80)).to_string()
}

fn milliseconds() -> u64 {
    let now = cairn::values::clock::now().unix_timestamp_nanos() / 1_000_000;
    now.try_into().expect("after 1970")
}

fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut item = view();
    item[field] = value.into();
    item
}

#[tokio::test]
async fn each_odd_item_is_named_and_the_good_ones_are_kept() {
    let scene = Scene::set().await;
    let (day, year) = (86_400_000, 365 * 86_400_000);
    let odd = [
        (with("event_type", "hover"), "event_type"),
        (with("event_type", 5), "item"),
        (with("id", "42"), "id"),
        (with("id", Uuid::nil().to_string()), "id is a UUID of version 7"),
        (with("id", "0199b3c4-0000-4000-8000-000000000000"), "id is a UUID of version 7"),
        (with("id", "0199b3c4-0000-7000-0000-000000000000"), "id is a UUID of version 7"),
        (with("id", id_of(milliseconds() - year)), "seven days"),
        (with("id", id_of(milliseconds() + year)), "five minutes ahead"),
        (with("id", id_of(milliseconds() - 8 * day)), "seven days"),
        (with("url", "javascript:alert(1)"), "url"),
        (with("url", "https://cairn.example/\0"), "url"),
        (with("url", format!("https://cairn.example/{}", "x".repeat(2_001))), "url"),
        (with("trackable_type", "Board"), "together"),
        (view_of("User", scene.tomas.actor.user_id), "trackable_type"),
        (view_of("Board", "7"), "trackable_id"),
        (with("user_id", scene.tomas.actor.user_id.to_string()), "item"),
    ];
    let mut items: Vec<Value> = odd.iter().map(|(item, _)| item.clone()).collect();
    items.insert(0, view());
    items.push(view_of("Card", scene.card));
    let answer = report(scene.olive(), &items).await.expect(422);
    let refused = refused(&answer);
    let places: Vec<u64> = refused.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, (1..=16).collect::<Vec<u64>>(), "{}", answer.body);
    for ((item, why), (_, reason)) in odd.iter().zip(&refused) {
        assert!(reason.contains(why), "{item} is refused because {reason}");
    }
    assert_eq!(answer.json()["errors"][0]["id"], items[1]["id"], "its id names it");
    assert_eq!(scene.stored().await, 2);
    scene.app.finish().await;
}

#[tokio::test]
async fn half_a_character_in_one_item_leaves_the_others() {
    let scene = Scene::set().await;
    let body = format!(
        r#"{{"tracking_events":[{}, {{"event_type":"page_view","url":"https://a.example/\ud83d"}}]}}"#,
        view()
    );
    let answer = scene.olive().client.send(reporting(scene.olive(), body)).await.expect(422);
    assert_eq!(refused(&answer)[0].0, 1);
    assert_eq!(scene.stored().await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_body_that_is_none_is_refused_as_a_whole() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let many = vec![json!(1); 10_000];
    let many = json!({ "tracking_events": &many[..8_000] }).to_string();
    let twice = json!({ "tracking_event": view(), "tracking_events": [view()] }).to_string();
    for (body, status) in [
        ("x".repeat(10 << 20), 413),
        (json!({ "tracking_events": vec![view(); 10_000] }).to_string(), 413),
        (many, 413),
        (json!({ "tracking_events": vec![json!(1); 21] }).to_string(), 413),
        (String::new(), 400),
        ("[]".to_owned(), 400),
        ("{\"tracking_events\": [{]}".to_owned(), 400),
        (json!({ "tracking_events": {} }).to_string(), 400),
        (twice, 400),
    ] {
        let begins: String = body.chars().take(40).collect();
        // A server that has heard enough may hang up before all of a body is sent.
        let Ok(response) = reporting(olive, body).send().await else { continue };
        assert_eq!(response.status().as_u16(), status, "{begins}");
    }
    let form = reporting(olive, view().to_string()).header("content-type", "text/plain");
    assert!(form.send().await.expect("an answer").status().is_client_error());
    assert_eq!(scene.stored().await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_thing_is_of_the_account_and_seen_by_whoever_reports() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    olive.comment(scene.number, "It reads well.").await.expect(303);
    let comment: Uuid = sqlx::query_scalar("select id from comments")
        .fetch_one(scene.app.pool())
        .await
        .expect("the comment");
    olive.post("webhooks", &[("url", "http://127.0.0.1:9/"), ("events", "*")]).await;
    let endpoint: Option<Uuid> = sqlx::query_scalar("select id from webhook_endpoints")
        .fetch_optional(scene.app.pool())
        .await
        .expect("the endpoint");
    let endpoint = endpoint.expect("an endpoint");
    let other = scene.app.account("southfold").await;
    let far_board = other.owner.create_board("Elsewhere").await;
    let far_column = other.owner.add_column(far_board, "To do").await;
    let far_number = other.owner.add_card(far_board, far_column, "Far away").await;
    let far_card = super::card(scene.app.pool(), &other.owner, far_number).await;

    let good = [
        view_of("Board", scene.board),
        view_of("Card", scene.card),
        view_of("Comment", comment),
        view_of("WebhookEndpoint", endpoint),
    ];
    report(olive, &good).await.expect(204);
    // What only admins look at, a member cannot have seen.
    let again = [view_of("Comment", comment), view_of("WebhookEndpoint", endpoint)];
    let answer = report(tomas, &again).await.expect(422);
    assert_eq!(refused(&answer).iter().map(|it| it.0).collect::<Vec<_>>(), [1]);

    let foreign = [
        view_of("Board", far_board),
        view_of("Card", far_card),
        view_of("Board", BoardId::new()),
        view_of("Comment", CommentId::new()),
        view_of("WebhookEndpoint", EndpointId::new()),
        view_of("Card", scene.board),
        view(),
    ];
    let answer = report(olive, &foreign).await.expect(422);
    let refused = refused(&answer);
    assert_eq!(refused.iter().map(|it| it.0).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert!(refused.iter().all(|it| it.1 == "trackable_id names nothing that you can see."));
    assert_eq!(scene.stored().await, 6);

    let stranger = scene.app.member(&other, "Rowan Field", Role::Admin).await;
    let path = olive.path("tracking_events");
    let request = stranger.client.request(reqwest::Method::POST, &path);
    let request = request.header("x-csrf-token", stranger.client.csrf_token());
    let request = request.header("content-type", "application/json");
    let body = json!({ "tracking_event": view() }).to_string();
    stranger.client.send(request.body(body)).await.expect(404);
    scene.app.finish().await;
}
