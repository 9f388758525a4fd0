//! Processes that are killed: what was committed is delivered all the same.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::Rng as _;

use super::*;

/// How often the server is killed.
const KILLS: usize = 20;

/// How many changes are asked for before each of them.
const CHANGES: usize = 10;

/// More than a process can have sent and not recorded when it is killed.
const UNDER_WAY: usize = 16;

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_delivers_all_and_records_nothing_twice() {
    let mut scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.updated"] })).await;
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    let url = scene.app.database.url().await;
    for round in 0..KILLS {
        let enough = scene.sink.calls().len() + rand::thread_rng().gen_range(0..CHANGES);
        let changes = join_all((0..CHANGES).map(|change| change_title(&scene, round, change)));
        let killed_meanwhile = async {
            until("some calls", async || (scene.sink.calls().len() >= enough).then_some(())).await;
        };
        tokio::select! {
            _ = changes => {}
            () = killed_meanwhile => {}
        }
        scene.app.server.kill().await;
        if round == KILLS - 1 {
            // The leases of those that were killed would end by themselves.
            scene.hurry().await;
        }
        scene.app.server = Server::start_at(&url, &bind).await;
    }
    let pending = "select count(*) from webhook_deliveries where status = 'pending'";
    until("all to be delivered", async || {
        let pending: i64 =
            sqlx::query_scalar(pending).fetch_one(scene.app.pool()).await.expect("a count");
        (pending == 0).then_some(())
    })
    .await;
    is_complete(&scene, &endpoint).await;
    scene.app.finish().await;
}

/// Asks for another title; whether it was answered does not matter.
async fn change_title(scene: &Scene, round: usize, change: usize) {
    let client = &scene.account.owner.client;
    let path = format!("/api/v1/northfold/cards/{}", scene.card);
    let body = json!({ "title": format!("Letter {round}.{change}") }).to_string();
    let request = client.request(Method::PATCH, &path).bearer_auth(&scene.token);
    let _ = request.header("content-type", "application/json").body(body).send().await;
}

async fn is_complete(scene: &Scene, endpoint: &Endpoint) {
    let id =
        |event: &Value| event["data"]["id"].as_str().or(event["id"].as_str()).map(str::to_owned);
    let events = scene.events("card.updated").await;
    let events: BTreeSet<String> = events.iter().map(|event| id(event).expect("an id")).collect();
    assert!(events.len() > KILLS, "{} changes were committed", events.len());
    let mut bodies: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
    let calls = scene.sink.calls();
    for call in &calls {
        let bodies = bodies.entry(call.header("webhook-id").to_owned()).or_default();
        bodies.insert(call.body.to_vec());
    }
    let called: BTreeSet<String> = bodies.keys().cloned().collect();
    assert_eq!(called, events, "what was called (left) is what was committed");
    assert!(bodies.values().all(|bodies| bodies.len() == 1), "the same event has the same bytes");
    let again = calls.len() - events.len();
    assert!(again <= KILLS * UNDER_WAY, "{again} calls came again");
    let twice: i64 = sqlx::query_scalar(
        "select count(*) from (select from webhook_attempts where response_code = 204
                               group by delivery_id having count(*) > 1) twice",
    )
    .fetch_one(scene.app.pool())
    .await
    .expect("a count");
    assert_eq!(twice, 0, "no success is recorded twice");
    let gaps: i64 = sqlx::query_scalar(
        "select max(number) - count(*) from webhook_deliveries where endpoint_id = $1::uuid",
    )
    .bind(&endpoint.id)
    .fetch_one(scene.app.pool())
    .await
    .expect("numbers");
    assert_eq!(gaps, 0, "the numbers have no gap");
}
