//! Who has seen what: shown where it is switched on, but for those who keep out of it, and right after
//! every change.

use cairn::values::Role;
use serde_json::{Value, json};

use super::{Scene, report, view_of};
use crate::support::browser::{journey, traveller};
use crate::support::people::Person;
use crate::support::server::until;

/// Who has seen a page’s thing since it last changed, and who has not, by their first names.
async fn readers(person: &Person, page: &str) -> Option<(Vec<String>, Vec<String>)> {
    let body = person.get(page).await.expect(200).body;
    let list = |target: &str| {
        let (_, rest) = body.split_once(&format!("data-seen-target=\"{target}\">"))?;
        let list = rest.split("</ul>").next()?;
        let names = list.split("class=\"clip\">").skip(1);
        Some(names.map(|name| name.split([' ', '<']).next().unwrap_or("").to_owned()).collect())
    };
    Some((list("seen")?, list("unseen")?))
}

fn names(seen: &[&str], unseen: &[&str]) -> Option<(Vec<String>, Vec<String>)> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Some((owned(seen), owned(unseen)))
}

/// What stands in the head of somebody’s page about what they have seen themselves.
async fn own(person: &Person, page: &str) -> Option<Value> {
    let body = person.get(page).await.expect(200).body;
    let (_, rest) = body.split_once("name=\"receipts\" content=\"")?;
    let text = rest.split('"').next()?.replace("&quot;", "\"");
    serde_json::from_str(&text).ok()
}

#[tokio::test]
async fn nothing_is_shown_until_an_owner_says_so() {
    let scene = Scene::set().await;
    let page = format!("cards/{}", scene.number);
    let board = format!("boards/{}", scene.board);
    report(&scene.tomas, &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(readers(&scene.tomas, &page).await, None);
    assert_eq!(own(&scene.tomas, &board).await, None);
    let body = scene.tomas.get(&board).await.expect(200).body;
    assert!(!body.contains("data-unread"), "a mark is there");
    scene
        .tomas
        .patch("settings/tracking", &[("receipts", "on"), ("tracking_days", "90")])
        .await
        .expect(403);

    let before = scene.app.activities(&scene.account).await;
    scene.show_receipts().await;
    assert_eq!(scene.app.recorded(&scene.account, before).await, ["account_tracking_changed"]);
    scene.show_receipts().await;
    assert_eq!(scene.app.activities(&scene.account).await, before + 1, "the same is no event");
    assert_eq!(readers(&scene.tomas, &page).await, names(&["Olive", "Tomas"], &[]));
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_has_not_looked_since_the_last_change_is_named() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let (olive, tomas, page) = (scene.olive(), &scene.tomas, format!("cards/{}", scene.number));
    // Whose doing the last change was knows of it.
    assert_eq!(readers(olive, &page).await, names(&["Olive"], &["Tomas"]));
    report(tomas, &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(readers(olive, &page).await, names(&["Olive", "Tomas"], &[]));
    tomas.comment(scene.number, "Which paper?").await.expect(303);
    assert_eq!(readers(tomas, &page).await, names(&["Tomas"], &["Olive"]));

    // A view of before the change is none since.
    let mut earlier = view_of("Card", scene.card);
    earlier["occurred_at"] = before(10).into();
    report(olive, &[earlier]).await.expect(204);
    assert_eq!(readers(tomas, &page).await, names(&["Tomas"], &["Olive"]));
    report(olive, &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(readers(tomas, &page).await, names(&["Olive", "Tomas"], &[]));

    let board = format!("boards/{}", scene.board);
    assert_eq!(readers(tomas, &board).await, names(&["Tomas"], &["Olive"]));
    report(olive, &[view_of("Board", scene.board)]).await.expect(204);
    assert_eq!(readers(tomas, &board).await, names(&["Olive", "Tomas"], &[]));
    scene.app.finish().await;
}

/// So many seconds ago.
fn before(seconds: i64) -> String {
    let at = cairn::values::clock::now() - time::Duration::seconds(seconds);
    at.format(&time::format_description::well_known::Rfc3339).expect("a time")
}

#[tokio::test]
async fn whoever_keeps_out_is_not_shown_and_whoever_is_off_is_not_recorded() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let (olive, tomas, page) = (scene.olive(), &scene.tomas, format!("cards/{}", scene.number));
    report(tomas, &[view_of("Card", scene.card)]).await.expect(204);
    tomas.patch("profile/tracking", &[("tracked", "hidden")]).await.expect(303);
    assert_eq!(readers(olive, &page).await, names(&["Olive"], &[]));
    let board = format!("boards/{}", scene.board);
    let marks = own(tomas, &board).await.expect("their own marks stay");
    assert!(marks["seen"][scene.number.to_string()].is_i64(), "{marks}");

    tomas.patch("profile/tracking", &[("tracked", "off")]).await.expect(303);
    assert_eq!(own(tomas, &board).await, None);
    let body = tomas.get(&board).await.expect(200).body;
    assert!(!body.contains("tracking-url"), "the browser is told where to report");
    let stored = scene.stored().await;
    report(tomas, &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(scene.stored().await, stored, "something was recorded");
    tomas.patch("profile/tracking", &[("tracked", "perhaps")]).await.expect(422);
    tomas.patch("profile/tracking", &[("tracked", "shown")]).await.expect(303);
    report(tomas, &[view_of("Card", scene.card)]).await.expect(204);
    assert_eq!(scene.stored().await, stored + 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn nobody_is_named_who_does_not_see_the_board() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let page = format!("cards/{}", scene.number);
    report(&scene.tomas, &[view_of("Card", scene.card)]).await.expect(204);
    scene.olive().delete(&format!("boards/{}/accesses/everyone", scene.board)).await.expect(303);
    let only_olive =
        async || (readers(scene.olive(), &page).await == names(&["Olive"], &[])).then_some(());
    until("him to be gone from the list", only_olive).await;
    report(&scene.tomas, &[view_of("Card", scene.card)]).await.expect(422);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_was_there_at_the_first_look_at_a_board_is_not_new() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let (olive, tomas, board) = (scene.olive(), &scene.tomas, format!("boards/{}", scene.board));
    let head = scene.app.activities(&scene.account).await;
    assert_eq!(own(tomas, &board).await.expect("marks")["since"], head);
    report(tomas, &[view_of("Board", scene.board)]).await.expect(204);
    let next = olive.add_card(scene.board, scene.column, "Fold it").await;
    olive.comment(scene.number, "It reads well.").await.expect(303);
    let marks = own(tomas, &board).await.expect("marks");
    assert_eq!((&marks["since"], &marks["seen"]), (&head.into(), &serde_json::json!({})));
    let body = tomas.get(&board).await.expect(200).body;
    let mark = |number: i64| format!("data-unread-thing-value=\"{number}\"");
    assert!(body.contains(&mark(next)) && body.contains(&mark(scene.number)), "{body}");
    scene.app.finish().await;
}

#[tokio::test]
async fn marks_come_and_go_in_open_pages() {
    let scene = Scene::set().await;
    scene.show_receipts().await;
    let rowan = scene.app.member(&scene.account, "Rowan Field", Role::Member).await;
    let given = json!({
        "account": scene.account.slug, "board": scene.board, "card": scene.number,
        "people": [traveller(&scene.tomas, scene.app.server.address())],
    });
    journey("seen", &given, async |asked| match asked {
        "a comment" => {
            scene.olive().comment(scene.number, "It reads well.").await.expect(303);
        }
        "a look of Rowan’s" => {
            report(&rowan, &[view_of("Card", scene.card)]).await.expect(204);
        }
        _ => {
            let kind = asked.strip_prefix("a receipt for a ").expect("what");
            let query = "select 1 from receipts r join account_heads h using (account_id)
                         where user_id = $1 and trackable_type = $2 and r.sequence = h.sequence";
            until(asked, async || {
                let receipt = sqlx::query(query).bind(scene.tomas.actor.user_id.uuid()).bind(kind);
                receipt.fetch_optional(scene.app.pool()).await.expect("receipts")
            })
            .await;
        }
    })
    .await;
    scene.app.finish().await;
}
