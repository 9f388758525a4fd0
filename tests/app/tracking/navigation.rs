//! In a real browser: each navigation is one page view, and nothing else is one.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgPool;

use super::Scene;
use crate::support::browser::{journey, traveller};
use crate::support::people::Person;
use crate::support::server::until;

/// What is stored of somebody, by its type.
async fn stored(pool: &PgPool, person: &Person) -> HashMap<String, i64> {
    let query = "select event_type, count(*) from tracking_events where user_id = $1 group by 1";
    let rows = sqlx::query_as(query).bind(person.actor.user_id.uuid()).fetch_all(pool);
    let rows: Vec<(String, i64)> = rows.await.expect("reports");
    rows.into_iter().collect()
}

/// So many of a type come to be stored, and never more.
pub(super) async fn exactly(pool: &PgPool, person: &Person, event_type: &str, wanted: i64) {
    until(&format!("{wanted} of {event_type}"), async || {
        let count = stored(pool, person).await.get(event_type).copied().unwrap_or_default();
        assert!(count <= wanted, "{count} of {event_type} are stored where {wanted} should be");
        (count == wanted).then_some(())
    })
    .await;
}

#[tokio::test]
async fn each_navigation_is_one_page_view_and_nothing_else_is() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let given = json!({
        "account": scene.account.slug, "board": scene.board, "card": scene.number,
        "people": [traveller(tomas, scene.app.server.address())],
    });
    journey("tracking", &given, async |asked| {
        let (what, number) = asked.rsplit_once(' ').expect("what and how many");
        match what {
            "comment" => {
                olive.comment(scene.number, &format!("Line {number}.")).await.expect(303);
            }
            "rename the board" => {
                let fields = [("name", format!("Catalogue {number}"))];
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                olive.patch(&format!("boards/{}", scene.board), &fields).await.expect(303);
            }
            "refresh" => {
                olive.add_column(scene.board, &format!("Column {number}")).await;
                let path = format!("boards/{}/archival", scene.board);
                olive.post(&path, &[]).await.expect(303);
                olive.delete(&path).await.expect(303);
            }
            event_type => {
                let wanted = number.parse().expect("a number");
                exactly(scene.app.pool(), tomas, event_type, wanted).await;
            }
        }
    })
    .await;
    assert_eq!(super::miscounted(scene.app.pool()).await, Vec::<String>::new());
    scene.app.finish().await;
}

/// What every page loads for it stays small.
#[test]
fn the_client_fits_in_two_kibibytes() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/js/size.js");
    let output = std::process::Command::new("node").arg(script).output().expect("Node");
    let said = String::from_utf8_lossy(&output.stdout);
    let bytes: u32 = said.trim().parse().unwrap_or_else(|_| panic!("{output:?}"));
    assert!((1..=2_048).contains(&bytes), "the client has {bytes} bytes");
}
