//! The insights page in a browser, and what the demo shows on it.

use cairn::app::{consequences, demo};
use cairn::events::Log;
use cairn::tracking::Tracker;
use serde_json::json;

use super::navigation::exactly;
use super::{Scene, count, miscounted, report, view, view_of};
use crate::support::TestApp;
use crate::support::browser::{journey, traveller};

#[tokio::test]
async fn insights_are_read_in_light_and_dark_and_on_a_phone() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    report(tomas, &[view(), view_of("Card", scene.card)]).await.expect(204);
    let given = json!({
        "account": scene.account.slug,
        "people": [traveller(olive, scene.app.server.address())],
    });
    journey("insights", &given, async |asked| match asked {
        "a look of Tomas’s" => {
            report(tomas, &[view_of("Board", scene.board)]).await.expect(204);
        }
        views => {
            let wanted = views.strip_prefix("page_view ").and_then(|count| count.parse().ok());
            exactly(scene.app.pool(), olive, "page_view", wanted.expect("a number")).await;
        }
    })
    .await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_demo_has_been_visited_for_two_months_and_each_visit_is_counted() {
    let app = TestApp::start().await;
    let log = Log::new(app.pool().clone(), consequences::all("http://127.0.0.1:3000/"));
    let (tracker, writer) = Tracker::start(cairn::db::own(app.pool()));
    demo::seed(&log, &tracker).await.expect("a demo");
    drop(tracker);
    writer.await.expect("the writer ends");
    assert_eq!(miscounted(app.pool()).await, Vec::<String>::new());
    let days = count(app.pool(), "select count(distinct day) from tracking_hours").await;
    let people = count(app.pool(), "select count(distinct user_id) from tracking_people").await;
    let boards = count(app.pool(), "select count(distinct board_id) from tracking_boards").await;
    assert!(days > 40, "there are {days} days");
    assert_eq!((people, boards), (3, 3));
    let reports = count(app.pool(), "select count(*) from tracking_events").await;
    assert!((1_000..10_000).contains(&reports), "there are {reports} reports");
    app.finish().await;
}
