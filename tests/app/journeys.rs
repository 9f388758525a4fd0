//! What people do in a browser, from end to end.

use cairn::values::Role;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::{Account, PASSWORD};
use crate::support::browser::{journey, run, traveller};
use crate::support::people::Person;
use crate::support::server::{Server, until};

const TITLE: &str = "Write the letter";

/// An account with two people, a board and a card that the second of them watches.
struct Scene {
    account: Account,
    other: Person,
    board: String,
    card: i64,
    columns: [Value; 2],
}

impl Scene {
    async fn set(app: &TestApp) -> Self {
        let account = app.account("northfold").await;
        let other = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
        let board = account.owner.create_board("Spring catalogue").await;
        let from = account.owner.add_column(board, "Waiting").await;
        let to = account.owner.add_column(board, "Sent").await;
        let card = other.add_card(board, from, TITLE).await;
        let columns =
            [json!({ "id": from, "name": "Waiting" }), json!({ "id": to, "name": "Sent" })];
        Self { account, other, board: board.to_string(), card, columns }
    }

    fn given(&self, servers: [&str; 2]) -> Value {
        let people =
            [traveller(&self.account.owner, servers[0]), traveller(&self.other, servers[1])];
        json!({
            "account": self.account.slug, "board": self.board, "card": self.card, "title": TITLE,
            "from": self.columns[0], "to": self.columns[1], "people": people,
        })
    }
}

/// A page view of this person is stored.
async fn viewed(app: &TestApp, person: &Person) {
    let query = "select 1 from tracking_events
                 where account_id = $1 and user_id = $2 and event_type = 'page_view'";
    until("a page view", async || {
        let row = sqlx::query(query)
            .bind(person.actor.account.id.uuid())
            .bind(person.actor.user_id.uuid())
            .fetch_optional(app.pool());
        row.await.expect("tracking events")
    })
    .await;
}

#[tokio::test]
async fn a_dragged_card_moves_for_everybody_and_the_view_is_counted() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    run("live", &scene.given([app.server.address(); 2])).await;
    viewed(&app, &scene.other).await;
    app.finish().await;
}

#[tokio::test]
async fn two_processes_on_one_database_behave_as_one() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let second = Server::start(&app.database.url().await).await;
    run("live", &scene.given([app.server.address(), second.address()])).await;
    app.finish().await;
}

/// The open cards of a board by column, as in `Waiting: 2 3 1; Sent: 4`.
async fn order(app: &TestApp, scene: &Scene) -> String {
    let query = "select k.name || ': ' || string_agg(c.number::text, ' ' order by c.rank)
                 from cards c join columns k on k.account_id = c.account_id and k.id = c.column_id
                 where c.account_id = $1 group by k.id, k.name, k.rank order by k.rank";
    let columns: Vec<String> = sqlx::query_scalar(query)
        .bind(scene.account.owner.actor.account.id.uuid())
        .fetch_all(app.pool())
        .await
        .expect("the columns");
    columns.join("; ")
}

#[tokio::test]
async fn cards_are_moved_by_keys_alone() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let mut cards = vec![json!({ "number": scene.card, "title": TITLE })];
    for (title, column) in [("Fold it", 0), ("Find a stamp", 0), ("Buy the paper", 1)] {
        let column = scene.columns[column]["id"].as_str().expect("an id").parse().expect("an id");
        let board = scene.board.parse().expect("an id");
        let number = scene.other.add_card(board, column, title).await;
        cards.push(json!({ "number": number, "title": title }));
    }
    let mut given = scene.given([app.server.address(); 2]);
    given["cards"] = cards.into();
    journey("keyboard", &given, async |wanted| {
        until(wanted, async || (order(&app, &scene).await == wanted).then_some(())).await;
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn what_is_done_to_a_card_shows_on_the_pages_of_others() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    run("card", &scene.given([app.server.address(); 2])).await;
    app.finish().await;
}

/// A private board of Olive’s and a third person, who does not see it; more comments by Tomas than a
/// page of the feed has lines.
#[tokio::test]
async fn a_feed_is_read_narrowed_and_told_live() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let (olive, tomas) = (&scene.account.owner, &scene.other);
    let outsider = app.member(&scene.account, "Rowan Field", Role::Member).await;
    let wages = olive.create_board("Wages").await;
    let column = olive.add_column(wages, "Kept").await;
    let secret = olive.add_card(wages, column, "Raise them").await;
    let path = olive.path(&format!("boards/{wages}/accesses/everyone"));
    olive.client.submit(reqwest::Method::DELETE, &path, &[]).await.expect(303);
    for number in 0..60 {
        tomas.comment(scene.card, &format!("Line {number}.")).await.expect(303);
    }
    let board = scene.board.parse().expect("an id");
    let from = scene.columns[0]["id"].as_str().expect("an id").parse().expect("an id");
    let doomed = olive.add_card(board, from, "A card that goes").await;
    let mut given = scene.given([app.server.address(); 2]);
    given["tomas"] = tomas.actor.user_id.to_string().into();
    given["outsider"] = traveller(&outsider, app.server.address());
    journey("feed", &given, async |what| match what {
        "small changes" => {
            for title in ["Write a letter", "Write the long letter", TITLE] {
                tomas.rename_card(scene.card, title).await.expect(303);
            }
        }
        "a deletion" => {
            olive.delete(&format!("cards/{doomed}")).await.expect(303);
        }
        "a restoration" => {
            let newest = "select id from activities order by sequence desc limit 1";
            let newest: uuid::Uuid =
                sqlx::query_scalar(newest).fetch_one(app.pool()).await.expect("an activity");
            let path = format!("activities/{newest}/restoration");
            olive.post(&path, &[]).await.expect(303);
        }
        "a secret" => {
            olive.comment(secret, "Between us.").await.expect(303);
            olive.comment(scene.card, "After the secret.").await.expect(303);
        }
        comment => {
            tomas.comment(scene.card, comment).await.expect(303);
        }
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_phone_shows_every_page_and_moves_cards() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    scene.other.comment(scene.card, "A long word: `Donaudampfschifffahrtsgesellschaftskapitän`, and\n\n    a line of code that goes on and on until it is wider than the screen of any phone\n\n| a | table |\n|-|-|\n| b | c |").await.expect(303);
    run("phone", &scene.given([app.server.address(); 2])).await;
    app.finish().await;
}

#[tokio::test]
async fn signing_in_leads_on_and_signing_out_is_over_everywhere() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let mut given = scene.given([app.server.address(); 2]);
    given["email"] = scene.other.email.as_str().into();
    given["password"] = PASSWORD.into();
    journey("session", &given, async |_| {
        scene.account.owner.comment(scene.card, "It reads well.").await.expect(303);
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn watchers_come_back_after_a_kill_and_miss_nothing() {
    let mut app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let (url, address) = (app.database.url().await, app.server.address().to_owned());
    let bind = address.trim_start_matches("http://").to_owned();
    let from = scene.columns[0]["id"].as_str().expect("an id").to_owned();
    let given = scene.given([&address; 2]);
    journey("restart", &given, async |asked| {
        if asked == "kill the server" {
            return app.server.kill().await;
        }
        let mut elsewhere = Server::start(&url).await;
        let mover = scene.other.client.at(elsewhere.address());
        let fields = [("column_id", from.as_str())];
        let path = scene.other.path(&format!("cards/{}/moves", scene.card));
        mover.submit(reqwest::Method::POST, &path, &fields).await.expect(303);
        elsewhere.stop().await;
        app.server = Server::start_at(&url, &bind).await;
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn one_goes_through_the_past_of_a_board() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    let to = scene.columns[1]["id"].as_str().expect("an id").parse().expect("an id");
    scene.account.owner.move_card(scene.card, to).await.expect(303);
    scene.other.rename_card(scene.card, "Write the long letter").await.expect(303);
    let query = "select sequence from activities where board_id = $1::uuid order by sequence";
    let steps = sqlx::query_scalar::<_, i64>(query).bind(&scene.board).fetch_all(app.pool());
    let mut given = scene.given([app.server.address(); 2]);
    given["steps"] = json!(steps.await.expect("the steps of the board"));
    run("past", &given).await;
    app.finish().await;
}

#[tokio::test]
async fn everything_works_by_plain_forms() {
    let app = TestApp::start().await;
    let scene = Scene::set(&app).await;
    run("plain", &scene.given([app.server.address(); 2])).await;
    app.finish().await;
}

#[tokio::test]
async fn pages_open_to_anybody_load_in_a_browser() {
    let app = TestApp::start().await;
    app.account("northfold").await;
    let visitor = json!({ "name": "a visitor", "server": app.server.address() });
    run("smoke", &json!({ "paths": ["/session", "/docs", "/docs/events", "/docs/receivers", "/docs/api", "/docs/audit", "/docs/privacy"], "people": [visitor] }))
        .await;
    app.finish().await;
}
