//! What is counted equals a recount of the reports, whatever happens on the way.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use cairn::values::clock;
use cairn::values::id::{BoardId, TrackingEventId};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use super::{Scene, miscounted, refused, reporting};
use crate::support::people::Person;
use crate::support::server::{Server, until};

/// How often the server is killed on the way.
const KILLS: usize = 4;

/// How many requests each of two people sends between two kills.
const REQUESTS: usize = 30;

/// Something to report, in one of the ways that there are.
fn item(random: &mut StdRng, things: &[(&str, String)]) -> Value {
    let types = ["page_view", "page_view", "page_view", "link_click", "form_submit"];
    let back = Duration::minutes(random.gen_range(0..6 * 24 * 60));
    let at = (clock::now() - back).format(&Rfc3339).expect("a time");
    let mut item = json!({
        "id": TrackingEventId::new(), "event_type": types.choose(random), "occurred_at": at,
        "url": format!("https://cairn.example/northfold/{}", random.gen_range(0..9)),
    });
    if let Some((kind, id)) = things.choose(random).filter(|(kind, _)| !kind.is_empty()) {
        item["trackable_type"] = (*kind).into();
        item["trackable_id"] = id.as_str().into();
    }
    item
}

/// Reports a batch again and again until it is answered for good; the ids that were promised.
async fn insist(person: &Person, batch: &[Value], answered: &AtomicUsize) -> Vec<String> {
    let body = json!({ "tracking_events": batch }).to_string();
    let answer = until("an answer for good", async || {
        let answer = reporting(person, body.clone()).send().await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.text().await.ok()?;
        matches!(status, 204 | 422).then_some((status, body))
    })
    .await;
    answered.fetch_add(1, Ordering::Relaxed);
    let refused: HashSet<u64> = match answer {
        (422, body) => {
            let errors: Value = serde_json::from_str(&body).expect("JSON");
            let errors = errors["errors"].as_array().cloned().unwrap_or_default();
            errors.iter().filter_map(|error| error["index"].as_u64()).collect()
        }
        _ => HashSet::new(),
    };
    let promised = batch.iter().zip(0..).filter(|(_, at)| !refused.contains(at));
    promised.filter_map(|(item, _)| item["id"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn counts_equal_a_recount_after_retries_duplicates_and_kills() {
    let mut scene = Scene::set().await;
    let seed: u64 = rand::random();
    println!("the seed is {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let things = [
        ("", String::new()),
        ("Board", scene.board.to_string()),
        ("Card", scene.card.to_string()),
        ("Card", BoardId::new().to_string()),
    ];
    let url = scene.app.database.url().await;
    let bind = scene.app.server.address().trim_start_matches("http://").to_owned();
    let mut promised = HashSet::new();
    let mut known: Vec<Value> = (0..20).map(|_| item(&mut random, &things)).collect();
    for round in 0..=KILLS {
        let zone = ["UTC", "Europe/Zurich", "Pacific/Auckland"][round % 3];
        sqlx::query("update accounts set time_zone = $1")
            .bind(zone)
            .execute(scene.app.pool())
            .await
            .expect("another zone");
        let batches: Vec<Vec<Value>> = (0..2 * REQUESTS)
            .map(|_| {
                known.extend((0..random.gen_range(1..6)).map(|_| item(&mut random, &things)));
                let size = random.gen_range(1..=20);
                let mut batch: Vec<Value> =
                    known.choose_multiple(&mut random, size).cloned().collect();
                let odd = batch.choose_mut(&mut random).expect("one");
                if random.gen_bool(0.2) {
                    odd["event_type"] = "link_click".into();
                }
                batch
            })
            .collect();
        let killed = if round < KILLS { random.gen_range(0..REQUESTS) } else { usize::MAX };
        let answered = AtomicUsize::new(0);
        let people = [&scene.account.owner, &scene.tomas];
        let sending = batches.iter().zip(people.iter().cycle());
        let sending = join_all(sending.map(|(batch, person)| insist(person, batch, &answered)));
        let server = &mut scene.app.server;
        let killing = async {
            if killed < usize::MAX {
                let enough = async || (answered.load(Ordering::Relaxed) >= killed).then_some(());
                until("some answers", enough).await;
                server.kill().await;
                *server = Server::start_at(&url, &bind).await;
            }
        };
        let (ids, ()) = tokio::join!(sending, killing);
        promised.extend(ids.into_iter().flatten());
    }
    let stored: Vec<uuid::Uuid> = sqlx::query_scalar("select id from tracking_events")
        .fetch_all(scene.app.pool())
        .await
        .expect("reports");
    let stored: HashSet<String> = stored.iter().map(ToString::to_string).collect();
    let lost: Vec<&String> = promised.difference(&stored).collect();
    assert!(lost.is_empty(), "promised and lost: {lost:?}");
    assert!(stored.len() > 100, "only {} were stored", stored.len());
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());

    // Nor is anything left of somebody who has it erased, and the others’ counts stay right.
    let tomas = &scene.tomas;
    tomas.client.at(scene.app.server.address());
    tomas.delete("profile/tracking_events").await.expect(303);
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    let of_tomas = "select (select count(*) from tracking_events where user_id = $1)
                        + (select count(*) from tracking_people where user_id = $1)
                        + (select count(*) from tracking_visits where user_id = $1)
                        + (select count(*) from receipts where user_id = $1)";
    let left: i64 = sqlx::query_scalar(of_tomas)
        .bind(tomas.actor.user_id.uuid())
        .fetch_one(scene.app.pool())
        .await
        .expect("a count");
    assert_eq!(left, 0, "something of his is left");
    assert!(scene.stored().await > 0, "somebody else’s reports went too");
    scene.app.finish().await;
}

#[tokio::test]
async fn an_answer_names_what_it_refuses_whoever_shares_its_statement() {
    let scene = Scene::set().await;
    let good = [super::view_of("Board", scene.board)];
    let bad = [super::view(), super::view_of("Board", BoardId::new())];
    let answers = join_all((0..40).map(|number| {
        super::report(&scene.tomas, if number % 2 == 0 { &good[..] } else { &bad[..] })
    }))
    .await;
    for (number, answer) in answers.into_iter().enumerate() {
        match number % 2 {
            0 => drop(answer.expect(204)),
            _ => assert_eq!(refused(&answer.expect(422))[0].0, 1),
        }
    }
    assert_eq!(miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}
