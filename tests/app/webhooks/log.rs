//! The log of an endpoint: narrowed, exported, and the way from an event to its deliveries and back.

use cairn::values::Role;
use futures_util::future::join_all;
use reqwest::{RequestBuilder, Response};

use super::*;

/// An endpoint with a delivery that arrived, one that is given up and one that is tried again.
async fn with_a_log(scene: &Scene) -> Endpoint {
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    scene.sink.will_answer([500, 500, 302].map(sink::Answer::Status));
    scene.account.owner.comment(scene.card, "It reads well.").await.expect(303);
    scene.stands(&endpoint, "pending", 1).await;
    let nine = "update webhook_deliveries set attempts = 9 where status = 'pending'";
    sqlx::query(nine).execute(scene.app.pool()).await.expect("eight tries more");
    scene.hurry().await;
    scene.stands(&endpoint, "failed", 10).await;
    scene.move_to(0).await;
    scene.stands(&endpoint, "pending", 1).await;
    endpoint
}

/// Copies the one delivery there is, so that there are so many.
async fn lengthen(scene: &Scene, count: i32) {
    let many =
        "insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id, event,
             sequence, status, due_at, created_at)
         select account_id, gen_random_uuid(), endpoint_id, n, event_id, event, sequence,
             'delivered', due_at, created_at
         from webhook_deliveries, generate_series(2, $1) n";
    sqlx::query(many).bind(count).execute(scene.app.pool()).await.expect("a long log");
}

/// The numbers that the API gives for a query.
async fn numbers(scene: &Scene, endpoint: &Endpoint, query: &str) -> Vec<i64> {
    let path = format!("webhook_endpoints/{}/deliveries?{query}", endpoint.id);
    let listed = scene.ask(Method::GET, &path, None).await.expect(200).json();
    let listed = listed.as_array().expect("a list").clone();
    listed.iter().map(|delivery| delivery["number"].as_i64().expect("a number")).collect()
}

#[tokio::test]
async fn a_log_is_narrowed_by_status_event_fault_and_time() {
    let scene = Scene::set().await;
    let endpoint = with_a_log(&scene).await;
    for (query, expected) in [
        ("", vec![3, 2, 1]),
        ("status=failed", vec![2]),
        ("status=pending&status=delivered", vec![3, 1]),
        ("status=held", vec![]),
        ("event=card.moved", vec![3, 1]),
        ("event=card.*", vec![3, 1]),
        ("event=comment.*&event=card.moved", vec![3, 2, 1]),
        ("event=*", vec![3, 2, 1]),
        ("event=card.added", vec![]),
        ("fault=status", vec![2]),
        ("fault=redirect", vec![3]),
        ("fault=redirect&fault=status&before=3", vec![2]),
        ("fault=tls", vec![]),
        ("fault=status&status=delivered", vec![]),
        ("since=2020-01-01T00:00:00Z&until=2199-01-01T00:00:00%2B01:00", vec![3, 2, 1]),
        ("since=2199-01-01T00:00:00Z", vec![]),
        ("until=2020-01-01T00:00:00Z", vec![]),
        ("limit=1&event=card.*", vec![3]),
        ("limit=1&event=card.*&before=3", vec![1]),
    ] {
        assert_eq!(numbers(&scene, &endpoint, query).await, expected, "{query:?}");
    }
    let second = scene.deliveries(&endpoint).await[1]["created_at"].clone();
    let second = second.as_str().expect("a time");
    assert_eq!(numbers(&scene, &endpoint, &format!("since={second}")).await, [3, 2]);
    assert_eq!(numbers(&scene, &endpoint, &format!("until={second}")).await, [1]);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_span_finds_its_numbers_however_long_the_log_is() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    // One a second; every third stamped a little before the one before it, as commits may overtake.
    let many =
        "insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id, event,
                    sequence, status, due_at, created_at)
                select account_id, gen_random_uuid(), endpoint_id, n, event_id, event, sequence,
                    'delivered', due_at, timestamptz '2026-01-01 00:00:00Z' + n * interval '1 s'
                        - case when n % 3 = 0 then interval '1.5 s' else interval '0 s' end
                from webhook_deliveries, generate_series(2, 1000) n";
    sqlx::query(many).execute(scene.app.pool()).await.expect("a long log");
    let path = "since=2026-01-01T00:05:00Z&until=2026-01-01T00:05:10Z";
    let found = numbers(&scene, &endpoint, path).await;
    assert_eq!(found, [309, 308, 307, 306, 305, 304, 303, 302, 301]);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_no_log_can_be_narrowed_to_is_refused_by_name() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let path = format!("webhook_endpoints/{}/deliveries", endpoint.id);
    for (query, name) in [
        ("status=lost", "status"),
        ("status=", "status"),
        ("event=card.flown", "event"),
        ("event=car.*", "event"),
        ("fault=gremlins", "fault"),
        ("since=yesterday", "since"),
        ("since=2026-11-25", "since"),
        ("until=2026-11-25T25:00:00Z", "until"),
        ("since=2026-11-25T10:00:00Z&since=2026-11-25T10:00:00Z", "since"),
        ("since=2026-11-25T10:00:00Z&until=2026-11-25T10:00:00Z", "until"),
        ("before=x", "before"),
        ("colour=red", "colour"),
    ] {
        for path in [format!("{path}?{query}"), format!("{path}.ndjson?{query}")] {
            let refused = scene.ask(Method::GET, &path, None).await.expect(400).json();
            let detail = refused["detail"].as_str().expect("a sentence");
            assert!(detail.starts_with(&format!("{name}: ")), "{path}: {detail}");
        }
    }
    scene.ask(Method::GET, &format!("{path}.ndjson?limit=7"), None).await.expect(400);
    let nobody = format!("webhook_endpoints/{}/deliveries.ndjson", Uuid::nil());
    scene.ask(Method::GET, &nobody, None).await.expect(404);
    let page = format!("webhooks/{}", endpoint.id);
    for query in [
        "status=lost",
        "event=car.*",
        "fault=gremlins",
        "since=soon",
        "until=2026-02-30",
        "since=2026-11-26&until=2026-11-25",
        "before=x",
    ] {
        let owner = &scene.account.owner;
        owner.get(&format!("{page}?{query}")).await.expect(422);
        owner.get(&format!("{page}/deliveries.ndjson?{query}")).await.expect(422);
    }
    scene.account.owner.get(&format!("{page}?since=&until=&status=")).await.expect(200);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_page_is_narrowed_and_older_pages_stay_so() {
    let scene = Scene::set().await;
    let endpoint = with_a_log(&scene).await;
    let owner = &scene.account.owner;
    let page = |query: &str| format!("webhooks/{}?{query}", endpoint.id);
    let body =
        owner.get(&page("status=failed&since=2020-01-01&until=2199-01-01")).await.expect(200);
    assert!(body.body.contains("number 2") && !body.body.contains("number 3"), "{}", body.body);
    let none = owner.get(&page("event=board.*")).await.expect(200).body;
    assert!(none.contains("Nothing of that sort."), "{none}");
    let more =
        "insert into webhook_deliveries (account_id, id, endpoint_id, number, event_id, event,
                    sequence, status, due_at, created_at)
                select account_id, gen_random_uuid(), endpoint_id, n, event_id, event, sequence,
                    'delivered', due_at, created_at
                from webhook_deliveries, generate_series(4, 70) n where number = 1";
    sqlx::query(more).execute(scene.app.pool()).await.expect("more deliveries");
    let first = owner.get(&page("event=card.*&status=delivered")).await.expect(200).body;
    let older = format!("webhooks/{}?status=delivered&amp;event=card.*&amp;before=21", endpoint.id);
    assert!(first.contains(&older), "{first}");
    let second = owner.get(&page("status=delivered&event=card.*&before=21")).await.expect(200).body;
    assert!(second.contains("number 20") && second.contains("number 1<"), "{second}");
    assert!(!second.contains("number 21") && !second.contains("number 3<"), "{second}");
    // The log alone is asked for while something happens.
    let alone = format!("webhooks/{}/log?status=failed", endpoint.id);
    assert!(owner.get(&page("status=failed")).await.expect(200).body.contains(&alone));
    let log = owner.get(&alone).await.expect(200).body;
    assert!(log.contains("id=\"log\"") && !log.contains("<html"), "{log}");
    assert!(log.contains("number 2") && !log.contains("number 3"), "{log}");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_log_is_exported_a_line_a_delivery_with_its_tries() {
    let scene = Scene::set().await;
    let endpoint = with_a_log(&scene).await;
    let path = format!("webhook_endpoints/{}/deliveries", endpoint.id);
    let answer = scene.ask(Method::GET, &format!("{path}.ndjson"), None).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let lines: Vec<Value> =
        answer.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let listed = scene.deliveries(&endpoint).await;
    assert_eq!(lines.len(), listed.len());
    for (line, delivery) in lines.iter().zip(&listed) {
        let mut line = line.clone();
        let tries = line.as_object_mut().expect("fields").remove("tries").expect("its tries");
        assert_eq!(line, *delivery);
        let path = format!("{path}/{}/attempts", delivery["id"].as_str().expect("an id"));
        assert_eq!(tries, scene.ask(Method::GET, &path, None).await.expect(200).json());
    }
    let failed = format!("{path}.ndjson?status=failed");
    let failed = scene.ask(Method::GET, &failed, None).await.expect(200).json();
    assert_eq!((&failed["number"], &failed["tries"][1]["fault"]), (&json!(2), &json!("status")));
    let page = format!("webhooks/{}/deliveries.ndjson?status=failed", endpoint.id);
    let answer = scene.account.owner.get(&page).await.expect(200);
    assert!(answer.header("content-disposition").starts_with("attachment"), "{answer:?}");
    assert_eq!(answer.json(), failed);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_export_that_nobody_reads_to_its_end_holds_nothing() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    lengthen(&scene, 20_000).await;
    let path = format!("/api/v1/northfold/webhook_endpoints/{}/deliveries.ndjson", endpoint.id);
    let client = &scene.account.owner.client;
    let beginning = async || {
        let request = client.request(Method::GET, &path).bearer_auth(&scene.token);
        let mut answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.chunk().await.expect("a beginning").expect("some of it").len()
    };
    // Together many more than the server has connections.
    for _ in 0..10 {
        let lengths = join_all((0..6).map(|_| beginning())).await;
        assert!(lengths.into_iter().all(|length| length > 0));
    }
    let all = scene.ask(Method::GET, &path["/api/v1/northfold/".len()..], None).await.expect(200);
    assert_eq!(all.body.lines().count(), 20_000);
    let open = "select count(*) from pg_stat_activity
                where datname = current_database() and state like 'idle in transaction%'";
    let open: i64 = sqlx::query_scalar(open).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(open, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_export_breaks_off_when_its_token_is_revoked_or_its_admin_is_none_any_more() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("an export of deliveries broke off");
    let endpoint = scene.add("/hook", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    scene.stands(&endpoint, "delivered", 1).await;
    // Much more than lies between the server and a reader who waits.
    lengthen(&scene, 60_000).await;
    let owner = &scene.account.owner;
    let admin = scene.app.member(&scene.account, "Rowan Bell", Role::Admin).await;
    let program = scene.app.program(&admin, Scope::Admin).await;
    let path = format!("webhook_endpoints/{}/deliveries.ndjson", endpoint.id);
    let page = admin.path(&format!("webhooks/{}/deliveries.ndjson", endpoint.id));
    let by_token = begun(program.request(Method::GET, &path)).await;
    let by_page = begun(admin.client.request(Method::GET, &page)).await;
    let revoke = "update tokens set revoked_at = now() where user_id = $1";
    let revoke = sqlx::query(revoke).bind(admin.actor.user_id.uuid());
    revoke.execute(scene.app.pool()).await.expect("a token that is good no more");
    breaks_off(by_token).await;
    owner.patch(&admin.place(), &[("role", "member")]).await.expect(303);
    breaks_off(by_page).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_head_of_an_answer_is_shown_as_text() {
    let scene = Scene::set().await;
    let body = format!("<script>alert(1)</script>\u{1b}[31m{}", "é".repeat(40_000));
    scene.sink.will_answer([sink::Answer::Body(200, body.clone())]);
    let endpoint = scene.add("/hook", json!({})).await;
    scene.move_to(1).await;
    let delivery = scene.stands(&endpoint, "delivered", 1).await;
    let page = format!("webhooks/{}", endpoint.id);
    let page = scene.account.owner.get(&page).await.expect(200).body;
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;\u{fffd}[31mééé"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.len() < 40_000, "it shows the beginning only");
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("webhook_endpoints/{}/deliveries/{id}/attempts", endpoint.id);
    let tries = scene.ask(Method::GET, &path, None).await.expect(200).json();
    let kept = tries[0]["response_body"].as_str().expect("a text");
    assert!(body.starts_with(kept) && kept.len() > 60_000, "{} bytes", kept.len());
    scene.app.finish().await;
}

/// An export whose beginning was read.
async fn begun(request: RequestBuilder) -> Response {
    let mut answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.chunk().await.expect("a beginning").expect("some of it");
    answer
}

/// The rest of an answer does not come to its end.
async fn breaks_off(mut answer: Response) {
    while let Ok(chunk) = answer.chunk().await {
        assert!(chunk.is_some(), "all of it came");
    }
}

#[tokio::test]
async fn a_line_of_the_feed_leads_admins_to_its_deliveries_and_back() {
    let scene = Scene::set().await;
    let one = scene.add("/one", json!({ "events": ["card.*"] })).await;
    let other = scene.add("/other", json!({ "events": ["card.moved"] })).await;
    scene.move_to(1).await;
    let delivery = scene.stands(&one, "delivered", 1).await;
    scene.stands(&other, "delivered", 1).await;
    let event = delivery["event_id"].as_str().expect("an id");
    let owner = &scene.account.owner;
    let way = owner.path(&format!("activities/{event}/deliveries"));
    let card = format!("cards/{}/history", scene.card);
    for page in ["activity", &card, &format!("webhooks/{}", one.id)] {
        let page = owner.get(page).await.expect(200).body;
        assert!(page.contains(&way), "{page}");
    }
    let page = owner.client.get(&way).await.expect(200).body;
    for endpoint in [&one, &other] {
        assert!(page.contains(&owner.path(&format!("webhooks/{}\"", endpoint.id))), "{page}");
    }
    assert!(page.contains(&format!("/cards/{}\"", scene.card)), "{page}");
    let path = format!("events/{event}/deliveries");
    let listed = scene.ask(Method::GET, &path, None).await.expect(200).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    assert_eq!(listed[0]["endpoint_id"], one.id);
    assert_eq!(listed[1]["tries"][0]["response_code"], 204);

    let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
    tomas.client.get(&way).await.expect(403);
    for unknown in [Uuid::nil().to_string(), "x".to_owned()] {
        owner.get(&format!("activities/{unknown}/deliveries")).await.expect(404);
        let path = format!("events/{unknown}/deliveries");
        scene.ask(Method::GET, &path, None).await.expect(404);
    }
    scene.app.finish().await;
}
