//! In a real browser: each navigation is one page view, and nothing else is one.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

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

/// So many of a type come to be stored about a thing.
async fn of_thing(
    pool: &PgPool,
    person: &Person,
    event_type: &str,
    (kind, id): (&str, Uuid),
    wanted: i64,
) {
    let query = "select count(*) from tracking_events where user_id = $1 and event_type = $2
                 and trackable_type = $3 and trackable_id = $4";
    until(&format!("{wanted} of {event_type} of the {kind}"), async || {
        let count = sqlx::query_scalar(query).bind(person.actor.user_id.uuid());
        let count = count.bind(event_type).bind(kind).bind(id).fetch_one(pool);
        let count: i64 = count.await.expect("a count");
        (count == wanted).then_some(())
    })
    .await;
}

impl Scene {
    /// The id of its board, its card, or what Tomas wrote about that.
    async fn id_of(&self, kind: &str) -> Uuid {
        let query = "select id from comments where author_id = $1";
        let own = sqlx::query_scalar(query).bind(self.tomas.actor.user_id.uuid());
        match kind {
            "Board" => self.board.uuid(),
            "Card" => self.card,
            _ => own.fetch_one(self.app.pool()).await.expect("his comment"),
        }
    }
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
            what => {
                let (pool, wanted) = (scene.app.pool(), number.parse().expect("a number"));
                match what.split_once(" of ") {
                    Some((event_type, thing)) => {
                        let id = scene.id_of(thing).await;
                        of_thing(pool, tomas, event_type, (thing, id), wanted).await;
                    }
                    None => exactly(pool, tomas, what, wanted).await,
                }
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
