//! What a database that is busy, held up or restarted does to deliveries: it delays them.

use std::sync::Arc;

use cairn::values::secret::Secret;
use futures_util::future::join_all;
use nix::sys::signal::{Signal, kill};
use tokio::sync::Notify;

use super::*;
use crate::support::data_dir::DataDir;
use crate::support::program::Program;

#[tokio::test]
async fn a_transaction_that_stays_open_holds_nothing_up() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let mut open = scene.app.pool().begin().await.expect("a transaction");
    let level = "set transaction isolation level repeatable read";
    sqlx::query(level).execute(&mut *open).await.expect("a level");
    let deliveries = "select count(*) from webhook_deliveries";
    let seen: i64 = sqlx::query_scalar(deliveries).fetch_one(&mut *open).await.expect("a count");
    for turn in 0..20 {
        scene.move_to((turn + 1) % 2).await;
    }
    scene.sink.has(20).await;
    until("all to be delivered", async || {
        let deliveries = scene.deliveries(&endpoint).await;
        let delivered = deliveries.iter().filter(|it| it["status"] == "delivered").count();
        (delivered == 20).then_some(())
    })
    .await;
    let still: i64 = sqlx::query_scalar(deliveries).fetch_one(&mut *open).await.expect("a count");
    assert_eq!((seen, still), (0, 0), "it was open all the while");
    open.rollback().await.expect("its end");
    assert_eq!(scene.sink.calls().len(), 20, "each was sent once");
    scene.app.finish().await;
}

#[tokio::test]
async fn when_every_connection_of_the_server_is_taken_nothing_is_lost() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("webhooks wait for the database");
    let waits = "tries at deliveries wait to be recorded";
    for words in ["a request failed", "exceeded slow threshold", waits] {
        scene.app.expect_warning(words);
    }
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let told = Arc::<Notify>::default();
    scene.sink.will_answer([sink::Answer::Once(Arc::clone(&told), 204)]);
    scene.move_to(1).await;
    scene.sink.has(1).await;

    let mut lock = scene.app.pool().begin().await.expect("a transaction");
    let exclusively = "lock table webhook_deliveries in access exclusive mode";
    sqlx::query(exclusively).execute(&mut *lock).await.expect("a lock");
    let path = format!("webhook_endpoints/{}/deliveries", endpoint.id);
    let readers = join_all((0..40).map(|_| scene.ask(Method::GET, &path, None)));
    let waiting = async {
        // The answer comes while nobody can record it.
        told.notify_one();
        scene.app.server.logged(|line| line.contains("pool timed out")).await;
        lock.rollback().await.expect("its end");
    };
    tokio::join!(readers, waiting);
    scene.stands(&endpoint, "delivered", 1).await;
    scene.move_to(0).await;
    scene.stands(&endpoint, "delivered", 1).await;
    assert_eq!(scene.sink.calls().len(), 2, "what had arrived was not sent again");
    scene.app.finish().await;
}

/// A command of the program on a data directory; what it printed.
async fn run(data: &DataDir, arguments: &[&str]) -> String {
    let output = data.command("off").args(arguments).output().await.expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[tokio::test]
async fn what_is_under_way_when_postgres_is_killed_is_recorded_by_the_next_one() {
    let data = DataDir::new("webhooks");
    let mut command = data.command("off");
    command.env("CAIRN_WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8");
    let mut server = Server::spawn(command).await;
    let owner = ["--owner-email", "olive@northfold.example", "--owner-name", "Olive Marsh"];
    let account =
        [&["account", "create", "--slug", "northfold", "--name", "Northfold"], &owner[..]];
    run(&data, &account.concat()).await;
    let email = "olive@northfold.example";
    let token = ["token", "create", "--account", "northfold", "--email", email, "--scope", "admin"];
    let token = run(&data, &token).await;
    let slug = cairn::values::Slug::parse("northfold").expect("a slug");
    let program = Program::new(server.address(), &slug, Secret::new(token));

    let sink = Sink::start().await;
    let body = json!({ "url": sink.url("/hook"), "events": ["board.*"] });
    let endpoint = program.post("webhook_endpoints", &body).await.expect(201).json();
    let told = Arc::<Notify>::default();
    sink.will_answer([sink::Answer::Once(Arc::clone(&told), 204)]);
    program.post("boards", &json!({ "name": "Spring catalogue" })).await.expect(201);
    sink.has(1).await;

    let first = data.postgres().expect("it runs");
    kill(first, Signal::SIGKILL).expect("it ran");
    told.notify_one();
    until("another Postgres", async || data.postgres().filter(|other| *other != first)).await;
    let path = format!("webhook_endpoints/{}/deliveries", endpoint["id"].as_str().expect("an id"));
    let delivery = until("the delivery to be recorded", async || {
        let answer = program.get(&path).await;
        let delivery = (answer.status == 200).then(|| answer.json()[0].clone())?;
        (delivery["status"] == "delivered").then_some(delivery)
    })
    .await;
    assert_eq!(delivery["attempts"], 1);
    assert_eq!(sink.calls().len(), 1, "what had arrived was not sent again");
    assert!(server.stop().await.success());
}
