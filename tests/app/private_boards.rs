//! Private boards: whoever was not chosen sees nothing of them, wherever they look.

use cairn::values::id::BoardId;
use cairn::values::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;
use crate::support::server::until;
use crate::support::sink::{self, Sink};

/// A private board of Olive's with a card, and Tomas, who is an admin and was not chosen.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    board: BoardId,
    card: i64,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
        let olive = &account.owner;
        let fields = [("name", "Wages"), ("access", "chosen")];
        let made = olive.post("boards", &fields).await.expect(303);
        let board = made.header("location").rsplit('/').next().expect("an id").parse();
        let board = board.expect("an id");
        let column = olive.add_column(board, "To do").await;
        let card = olive.add_card(board, column, "Raise them").await;
        Self { app, account, tomas, board, card }
    }

    fn path(&self, rest: &str) -> String {
        format!("boards/{}{rest}", self.board)
    }

    async fn choose_tomas(&self) -> Answer {
        let id = self.tomas.actor.user_id.to_string();
        self.account.owner.post(&self.path("/accesses"), &[("user_id", &id)]).await
    }

    async fn revoke(&self, from: &str) -> Answer {
        let olive = &self.account.owner;
        let path = olive.path(&self.path(&format!("/accesses/{from}")));
        olive.client.submit(Method::DELETE, &path, &[]).await
    }

    async fn count(&self, query: &str, person: &Person) -> i64 {
        let query = sqlx::query_scalar(query).bind(person.actor.user_id.uuid());
        query.fetch_one(self.app.pool()).await.expect("a count")
    }
}

#[tokio::test]
async fn whoever_was_not_chosen_finds_neither_board_nor_card() {
    let scene = Scene::set().await;
    let card = format!("cards/{}", scene.card);
    let board = scene.path("");
    let read = ["", "/edit", "/activity"].map(|rest| scene.path(rest));
    for path in read.iter().chain([&card, &format!("{card}/history"), &format!("{card}/edit")]) {
        scene.tomas.get(path).await.expect(404);
        scene.account.owner.get(path).await.expect(200);
    }
    let program = scene.app.program(&scene.tomas, Scope::Admin).await;
    let stream = scene.path("/stream");
    let accesses = scene.path("/accesses");
    for path in [&board, &stream, &accesses, &card, &format!("{card}/history")] {
        program.get(path).await.expect(404);
    }
    assert_eq!(program.get("boards").await.expect(200).json(), json!([]));
    let before = scene.app.activities(&scene.account).await;
    scene.tomas.patch(&board, &[("name", "Mine")]).await.expect(404);
    scene.tomas.comment(scene.card, "Let me in").await.expect(404);
    scene.tomas.post(&scene.path("/cards"), &[("title", "Mine")]).await.expect(404);
    scene.tomas.post(&scene.path("/columns"), &[("name", "Mine")]).await.expect(404);
    scene.tomas.post(&accesses, &[("user_id", "everyone")]).await.expect(404);
    assert_eq!(scene.app.activities(&scene.account).await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_is_chosen_sees_it_until_it_is_taken_from_them() {
    let scene = Scene::set().await;
    scene.choose_tomas().await.expect(303);
    let before = scene.app.activities(&scene.account).await;
    scene.choose_tomas().await.expect(303);
    assert_eq!(scene.app.activities(&scene.account).await, before, "the same was recorded");
    let page = scene.tomas.get(&scene.path("")).await.expect(200);
    assert!(page.body.contains("Only 2 people"), "{}", page.body);
    assert!(page.body.contains("gave"), "{}", page.body);
    let tomas = scene.tomas.actor.user_id.to_string();
    scene.revoke(&tomas).await.expect(303);
    scene.tomas.get(&scene.path("")).await.expect(404);
    scene.revoke("everybody").await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_program_says_who_sees_a_board() {
    let scene = Scene::set().await;
    let program = scene.app.program(&scene.account.owner, Scope::Write).await;
    let made = json!({ "name": "Wages too", "access": "chosen" });
    let made = program.post("boards", &made).await.expect(201).json();
    assert_eq!((&made["access"], &made["viewers"]), (&json!("chosen"), &json!(1)));
    program.post("boards", &json!({ "name": "x", "access": "nobody" })).await.expect(422);

    let (accesses, tomas) = (scene.path("/accesses"), scene.tomas.actor.user_id);
    let granted = program.post(&accesses, &json!({ "user_id": tomas })).await.expect(201).json();
    assert_eq!(granted["viewers"], 2);
    let chosen = program.get(&accesses).await.expect(200).json();
    let names: Vec<&Value> =
        chosen.as_array().expect("a list").iter().map(|user| &user["name"]).collect();
    assert_eq!(names, ["Olive Marsh", "Tomas Lindqvist"]);
    let opened = program.post(&accesses, &json!({ "user_id": "everyone" })).await.expect(201);
    assert_eq!(
        (&opened.json()["access"], &opened.json()["viewers"]),
        (&json!("everyone"), &Value::Null)
    );
    let everyone = program.request(Method::DELETE, &format!("{accesses}/everyone"));
    program.send(everyone).await.expect(204);
    let board = program.get(&scene.path("")).await.expect(200).json();
    assert_eq!((&board["access"], &board["viewers"]), (&json!("chosen"), &json!(2)));
    let stranger = cairn::values::id::UserId::new();
    for user in [stranger.to_string(), "somebody".to_owned()] {
        let refused = program.post(&accesses, &json!({ "user_id": user })).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["field"], "user_id");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn somebody_always_sees_it() {
    let scene = Scene::set().await;
    let olive = scene.account.owner.actor.user_id.to_string();
    let before = scene.app.activities(&scene.account).await;
    let answer = scene.revoke(&olive).await.expect(422);
    assert!(answer.body.contains("Somebody must see this board"), "{}", answer.body);
    assert_eq!(scene.app.activities(&scene.account).await, before, "something was recorded");
    scene.choose_tomas().await.expect(303);
    let gone = scene.revoke(&olive).await.expect(303);
    assert_eq!(gone.header("location"), "/northfold", "she does not see it any more");
    scene.account.owner.get(&scene.path("")).await.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_loses_a_board_follows_nothing_on_it_and_has_no_notice_of_it() {
    let scene = Scene::set().await;
    scene.choose_tomas().await.expect(303);
    scene.tomas.comment(scene.card, "I follow this").await.expect(303);
    scene.account.owner.comment(scene.card, "He is told").await.expect(303);
    let notices = "select count(*) from notifications where user_id = $1";
    let watches = "select count(*) from watches where user_id = $1";
    assert_eq!(scene.count(notices, &scene.tomas).await, 1);
    let tomas = scene.tomas.actor.user_id.to_string();
    scene.revoke(&tomas).await.expect(303);
    assert_eq!(scene.count(notices, &scene.tomas).await, 0);
    assert_eq!(scene.count(watches, &scene.tomas).await, 0);

    // Even one who still follows a card is told nothing of it.
    let query = "insert into watches (account_id, card_id, user_id, created_at)
                 select account_id, id, $1, created_at from cards";
    let follow = sqlx::query(query).bind(scene.tomas.actor.user_id.uuid());
    follow.execute(scene.app.pool()).await.expect("a watch");
    scene.account.owner.comment(scene.card, "He is not told").await.expect(303);
    assert_eq!(scene.count(notices, &scene.tomas).await, 0);
    let page = scene.tomas.get("notifications").await.expect(200);
    assert!(!page.body.contains("Raise them"), "{}", page.body);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_notice_of_a_deleted_card_goes_with_the_sight_of_its_board() {
    let scene = Scene::set().await;
    scene.choose_tomas().await.expect(303);
    scene.tomas.comment(scene.card, "I follow this").await.expect(303);
    scene.account.owner.comment(scene.card, "He is told").await.expect(303);
    scene.account.owner.delete(&format!("cards/{}", scene.card)).await.expect(303);
    let page = scene.tomas.get("notifications").await.expect(200).body;
    assert!(page.contains("Raise them"), "he is not told: {page}");
    let tomas = scene.tomas.actor.user_id.to_string();
    scene.revoke(&tomas).await.expect(303);
    let page = scene.tomas.get("notifications").await.expect(200).body;
    assert!(!page.contains("Raise them"), "he is still told: {page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_somebodys_work_ends_with_their_sight_of_it() {
    let scene = Scene::set().await;
    let (olive, tomas) = (&scene.account.owner, scene.tomas.actor.user_id.to_string());
    let assignments = format!("cards/{}/assignments", scene.card);
    let assigned = "select count(*) from assignments where user_id = $1";
    for from in [tomas.as_str(), "everyone"] {
        let to = if from == "everyone" { from } else { tomas.as_str() };
        olive.post(&scene.path("/accesses"), &[("user_id", to)]).await.expect(303);
        olive.post(&assignments, &[("user_id", &tomas)]).await.expect(303);
        assert_eq!(scene.count(assigned, &scene.tomas).await, 1);
        let before = scene.app.activities(&scene.account).await;
        scene.revoke(from).await.expect(303);
        let recorded = scene.app.recorded(&scene.account, before).await;
        assert_eq!(recorded, ["board_access_revoked", "card_unassigned"], "from {from}");
        assert_eq!(scene.count(assigned, &scene.tomas).await, 0);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn deliveries_tell_an_admin_nothing_of_a_board_that_they_do_not_see() {
    let scene = Scene::set().await;
    let sink = Sink::start().await;
    sink.will_answer([sink::Answer::Body(200, "I was told of a comment".to_owned())]);
    let olive = scene.app.program(&scene.account.owner, Scope::Admin).await;
    let tomas = scene.app.program(&scene.tomas, Scope::Admin).await;
    let endpoint =
        json!({ "url": sink.url("/"), "events": ["comment.*"], "board_ids": [scene.board] });
    let made = olive.post("webhook_endpoints", &endpoint).await.expect(201).json();
    scene.account.owner.comment(scene.card, "Between us").await.expect(303);
    sink.has(1).await;
    let id = made["id"].as_str().expect("an id");
    let deliveries = format!("webhook_endpoints/{id}/deliveries");
    until("the answer", async || {
        let listed = olive.get(&deliveries).await.expect(200).json();
        (listed[0]["status"] == "delivered").then_some(())
    })
    .await;
    let (told, words) = ("I was told of a comment", "On a board that you don’t see");
    for (program, event) in [(&olive, json!("comment.added")), (&tomas, Value::Null)] {
        let listed = program.get(&deliveries).await.expect(200).json();
        assert_eq!((&listed[0]["number"], &listed[0]["event"]), (&json!(1), &event));
        let delivery = listed[0]["id"].as_str().expect("an id");
        let tries = program.get(&format!("{deliveries}/{delivery}/attempts")).await.expect(200);
        let line = program.get(&format!("{deliveries}.ndjson")).await.expect(200).json();
        let body = if event.is_null() { Value::Null } else { json!(told) };
        assert_eq!(tries.json()[0]["response_body"], body);
        assert_eq!((&line["event"], &line["tries"][0]["response_body"]), (&event, &body));
        // Neither does a choice of events tell what it was.
        let chosen = program.get(&format!("{deliveries}?event=comment.added")).await.expect(200);
        let chosen = chosen.json().as_array().expect("a list").len();
        assert_eq!(chosen, usize::from(!event.is_null()));
        let of_event =
            format!("events/{}/deliveries", listed[0]["event_id"].as_str().expect("an id"));
        program.get(&of_event).await.expect(if event.is_null() { 404 } else { 200 });
    }
    for (person, hidden) in [(&scene.account.owner, false), (&scene.tomas, true)] {
        let page = person.get(&format!("webhooks/{id}")).await.expect(200).body;
        assert_eq!(page.contains(words), hidden, "{page}");
        assert_eq!(page.contains(told), !hidden, "{page}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn making_a_board_private_leaves_it_to_its_maker_and_those_who_were_chosen() {
    let scene = Scene::set().await;
    let olive = &scene.account.owner;
    olive.post(&scene.path("/accesses"), &[("user_id", "everyone")]).await.expect(303);
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    scene.choose_tomas().await.expect(303);
    amara.comment(scene.card, "I follow this").await.expect(303);
    scene.revoke("everyone").await.expect(303);
    for (person, status) in [(olive, 200), (&scene.tomas, 200), (&amara, 404)] {
        person.get(&scene.path("")).await.expect(status);
    }
    assert_eq!(scene.count("select count(*) from watches where user_id = $1", &amara).await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_endpoint_hears_of_it_only_if_somebody_who_sees_it_names_it() {
    let scene = Scene::set().await;
    let (all, named) = (Sink::start().await, Sink::start().await);
    let olive = scene.app.program(&scene.account.owner, Scope::Admin).await;
    let tomas = scene.app.program(&scene.tomas, Scope::Admin).await;
    let endpoint = |sink: &Sink, boards: Value| json!({ "url": sink.url("/"), "events": ["board.*", "comment.*"], "board_ids": boards });
    let endpoints = "webhook_endpoints";
    tomas.post(endpoints, &endpoint(&named, json!([scene.board]))).await.expect(422);
    olive.post(endpoints, &endpoint(&all, json!([]))).await.expect(201);
    olive.post(endpoints, &endpoint(&named, json!([scene.board]))).await.expect(201);

    scene.account.owner.comment(scene.card, "Between us").await.expect(303);
    let open = scene.account.owner.create_board("Open to all").await;
    let heard: Vec<Value> = named.has(1).await.iter().map(sink::Call::json).collect();
    assert_eq!(heard[0]["event"], "comment.added");
    // Deliveries of an endpoint go out in order: had the comment been owed, it would have come first.
    let heard: Vec<Value> = all.has(1).await.iter().map(sink::Call::json).collect();
    assert_eq!(heard[0]["event"], "board.created");
    assert_eq!(heard[0]["data"]["board"]["id"], json!(open));
    scene.app.finish().await;
}

#[tokio::test]
async fn nothing_is_counted_for_whoever_does_not_see_it() {
    let scene = Scene::set().await;
    let board = json!([{
        "id": cairn::values::id::TrackingEventId::new(), "event_type": "page_view",
        "trackable_type": "Board", "trackable_id": scene.board,
        "url": format!("https://cairn.example/northfold/boards/{}", scene.board),
    }]);
    let board = json!({ "tracking_events": board });
    for (person, status) in [(&scene.account.owner, 204), (&scene.tomas, 422)] {
        let path = person.path("tracking_events");
        let request = person.client.request(Method::POST, &path);
        let request = request.header("x-csrf-token", person.client.csrf_token());
        let request = request.header("content-type", "application/json").body(board.to_string());
        person.client.send(request).await.expect(status);
    }
    scene.app.finish().await;
}
