//! The audit page: what it is narrowed to, and what it refuses.

use cairn::values::{Day, Role};
use uuid::Uuid;

use super::Scene;

/// The numbers of the entries that a page shows, in their order.
fn entries(page: &str) -> Vec<i64> {
    let entries = page.split(" id=\"entry_").skip(1);
    entries.map(|rest| rest.split('"').next().expect("a number").parse().expect("one")).collect()
}

/// The names of the kinds that a page shows, each once.
fn kinds(page: &str) -> Vec<&str> {
    let kinds = page.split("data-kind=\"").skip(1);
    let mut kinds: Vec<&str> = kinds.filter_map(|rest| rest.split('"').next()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn all_that_happened_is_there_and_narrowed_by_what_stands_in_the_address() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.owner(), scene.tomas.actor.user_id);
    let page = olive.get("audit").await.expect(200).body;
    let head = scene.head().await;
    assert_eq!(entries(&page), (1..=head).rev().collect::<Vec<_>>());
    assert!(kinds(&page).contains(&"session.started"), "sign-ins too: {:?}", kinds(&page));
    assert!(page.contains("aria-current=\"page\"") && page.contains("href=\"/northfold/audit\""));
    let today = Day::of(cairn::values::clock::now(), &olive.actor.account.zone);
    let [spring, autumn] = scene.boards;
    for (query, expected) in [
        ("kind=comment.*".to_owned(), vec!["comment.added"]),
        ("kind=card.added&kind=column.added".to_owned(), vec!["card.added", "column.added"]),
        (format!("creator_id={tomas}&board_id={autumn}"), vec!["comment.added"]),
        (format!("board_id={spring}"), vec!["board.created", "card.added", "column.added"]),
        (format!("board_id={spring}&kind=card.*"), vec!["card.added"]),
        (format!("card={}", scene.cards[1]), vec!["card.added", "comment.added"]),
        (format!("card={}&kind=card.added", scene.cards[1]), vec!["card.added"]),
        (format!("card={}&since={today}&until={today}", scene.cards[0]), vec!["card.added"]),
        (format!("since={}", today.after()), vec![]),
        (format!("until={}", today.before()), vec![]),
        ("kind=board.created&address=127.0.0.0/8".to_owned(), vec!["board.created"]),
        ("kind=board.created&address=127.0.0.1".to_owned(), vec!["board.created"]),
        ("address=203.0.113.7".to_owned(), vec![]),
        ("address=2001:db8::/32".to_owned(), vec![]),
        ("kind=&creator_id=&card=&address=&since=".to_owned(), kinds(&page)),
    ] {
        let page = olive.get(&format!("audit?{query}")).await.expect(200).body;
        assert_eq!(kinds(&page), expected, "{query}");
        assert_eq!(page.contains("Nothing of that sort"), expected.is_empty(), "{query}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn older_pages_follow_without_a_gap_and_stay_narrowed() {
    let scene = Scene::set().await;
    let olive = scene.owner();
    scene.add_comments(120).await;
    let mut path = olive.path("audit?kind=comment.*");
    let mut found = Vec::new();
    loop {
        let page = olive.client.get(&path).await.expect(200).body;
        found.extend(entries(&page));
        let Some((before, _)) = page.split_once("\" rel=\"next\"") else { break };
        let (_, next) = before.rsplit_once("href=\"").expect("an address");
        assert!(next.contains("kind=comment.*"), "{next}");
        path = next.replace("&amp;", "&");
    }
    let head = scene.head().await;
    let mut expected: Vec<i64> = (head - 120..=head).rev().collect();
    expected.push(head - 121);
    assert_eq!(found, expected);
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_rare_is_looked_for_a_part_of_the_log_at_a_time() {
    let scene = Scene::set().await;
    let olive = scene.owner();
    olive.comment(scene.cards[0], "From the train.").await.expect(303);
    scene.came_from("203.0.113.7").await;
    let there = scene.head().await;
    scene.add_comments(100_010).await;
    let path = "audit?address=203.0.113.0/24";
    let first = olive.get(path).await.expect(200).body;
    assert_eq!(entries(&first), Vec::<i64>::new());
    assert!(first.contains("The log was looked through back to entry"), "{first}");
    let (before, _) = first.split_once("\" rel=\"next\"").expect("a way further back");
    let (_, next) = before.rsplit_once("href=\"").expect("an address");
    let second = olive.client.get(&next.replace("&amp;", "&")).await.expect(200).body;
    assert_eq!(entries(&second), [there]);
    assert!(!second.contains("rel=\"next\""), "nobody was there before: {second}");
    let file = olive.get("audit.csv?address=203.0.113.7").await.expect(200).body;
    assert_eq!(file.lines().count(), 2, "{file}");
    scene.app.finish().await;
}

#[tokio::test]
async fn what_means_nothing_is_said_beside_its_field_and_kept() {
    let scene = Scene::set().await;
    let olive = scene.owner();
    let nobody = Uuid::nil();
    let head = scene.head().await;
    for (query, words) in [
        ("since=2026-02-30".to_owned(), "Write a day of the calendar"),
        ("until=soon".to_owned(), "Write a day of the calendar"),
        ("since=2026-11-26&until=2026-11-25".to_owned(), "This is before the day"),
        ("card=x".to_owned(), "A card has a whole number"),
        ("card=4711".to_owned(), "There is no such card"),
        ("address=10.0.0".to_owned(), "Write an address"),
        ("address=10.0.0.0/33".to_owned(), "Write an address"),
        ("kind=card.flown".to_owned(), "There is no event called “card.flown”."),
        ("creator_id=olive".to_owned(), "There is no such person."),
        (format!("creator_id={nobody}"), "There is no such person in this account."),
        ("board_id=7".to_owned(), "There is no such board."),
        (format!("board_id={nobody}"), "There is no such board, or none that you see."),
        ("before=x".to_owned(), "There is no such page of this log."),
        ("before=0".to_owned(), "There is no such page of this log."),
        ("before=-7".to_owned(), "There is no such page of this log."),
        (format!("before={}", head + 2), "There is no such page of this log."),
        ("before=99999999999999999999".to_owned(), "There is no such page of this log."),
    ] {
        let other = if query.contains("until") { "card=1" } else { "until=2199-01-01" };
        let page = olive.get(&format!("audit?{query}&{other}")).await.expect(422).body;
        assert!(page.contains(words) && page.contains("role=\"alert\""), "{query}: {page}");
        let (_, kept) = other.split_once('=').expect("a value");
        assert!(page.contains(&format!("value=\"{kept}\"")), "{query}: {page}");
        assert!(entries(&page).is_empty(), "{query}");
        let is_of_the_page = query.starts_with("before=") && !query.contains("before=x");
        for form in ["csv", "ndjson"] {
            let file = olive.get(&format!("audit.{form}?{query}")).await;
            assert!(file.status == 422 || is_of_the_page, "{query}: {}", file.status);
        }
    }
    let page = olive.get("audit?since=soon&card=%22%3E%3Cb%3E").await.expect(422).body;
    for part in ["id=\"since_error\"", "value=\"soon\"", "id=\"card_error\"", "&quot;&gt;&lt;b&gt;"]
    {
        assert!(page.contains(part), "no {part} in {page}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn it_is_for_admins() {
    let scene = Scene::set().await;
    let member = scene.app.member(&scene.account, "Rowan Hale", Role::Member).await;
    for path in ["audit", "audit.csv", "audit.ndjson"] {
        member.get(path).await.expect(403);
        scene.tomas.get(path).await.expect(200);
    }
    let page = member.get("activity").await.expect(200).body;
    assert!(!page.contains("/northfold/audit"), "no way leads a member there");
    scene.app.finish().await;
}
