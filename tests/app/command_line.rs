//! What an operator meets: clear lines for what is wrong, and a server that starts and stops.

use std::net::TcpListener;

use crate::support::app::is_loud;
use crate::support::server::{Server, program};
use crate::support::{TestApp, TestDatabase};

/// Runs the program with these settings; its exit status and all that it said to the operator.
async fn refused(settings: &[(&str, &str)]) -> (i32, String) {
    let output = program().envs(settings.iter().copied()).output().await.expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = said.lines().last().unwrap_or_default().to_owned();
    (output.status.code().expect("an exit status"), last)
}

#[tokio::test]
async fn a_setting_that_is_wrong_is_one_clear_line() {
    let database = "postgres://127.0.0.1:1/none";
    for (settings, status, says) in [
        (vec![("CAIRN_BNID", "127.0.0.1:0")], 2, "CAIRN_BNID is not a setting"),
        (vec![("CAIRN_BIND", "everywhere")], 2, "CAIRN_BIND takes"),
        (vec![("DATABASE_URL", database)], 2, "CAIRN_SECRET_KEY is missing"),
        (
            vec![("CAIRN_DATA_DIR", "/dev/null/cairn"), ("CAIRN_BIND", "127.0.0.1:0")],
            1,
            "can’t be written",
        ),
    ] {
        let (code, said) = refused(&settings).await;
        assert!(said.contains(says), "{settings:?}: {said}");
        assert_eq!(code, status, "{settings:?}: {said}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_one_clear_line() {
    let key = "a key of more than thirty-two characters";
    let settings = [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("CAIRN_SECRET_KEY", key),
        ("CAIRN_BIND", "127.0.0.1:0"),
    ];
    let (code, said) = refused(&settings).await;
    assert!(said.contains("Postgres can’t be reached"), "{said}");
    assert_eq!(code, 1);
}

#[tokio::test]
async fn a_port_that_is_taken_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let (code, said) = refused(&[("CAIRN_BIND", &address)]).await;
    assert!(said.contains("can’t listen on") && said.contains("CAIRN_BIND"), "{said}");
    assert_eq!(code, 1);
}

#[tokio::test]
async fn a_server_answers_and_stops_cleanly() {
    let app = TestApp::start().await;
    let up = app.stranger().get("/up").await;
    assert_eq!(up.status, 200, "{up:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_is_stopped_as_it_starts_stops_cleanly_too() {
    let mut app = TestApp::start().await;
    let url = app.database.url().await;
    app.server.stop().await;
    for _ in 0..5 {
        let mut server = Server::start(&url).await;
        let status = server.stop().await;
        let log = server.log();
        assert!(status.success() && !log.iter().any(|line| is_loud(line)), "{log:#?}");
    }
    app.server = Server::start(&url).await;
    app.finish().await;
}

#[tokio::test]
async fn a_killed_server_is_followed_by_another_at_once() {
    let database = TestDatabase::new().await;
    let url = database.url().await;
    let mut first = Server::start(&url).await;
    first.kill().await;
    let bind = first.address().trim_start_matches("http://").to_owned();
    let second = Server::start_at(&url, &bind).await;
    assert_eq!(second.address(), first.address());
}
