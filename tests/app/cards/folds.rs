//! What happened, folded, comes to what the tables say.

use cairn::domain::replay::{Difference, replay};
use cairn::events::{BoardAsItWas, Log, history, rebuild};
use cairn::values::Scope;
use cairn::values::id::BoardId;

use super::Scene;

impl Scene {
    /// A board as its events tell it.
    async fn folded(&self, board: BoardId) -> BoardAsItWas {
        let log = Log::new(self.app.pool().clone(), Vec::new());
        let account = self.olive().actor.account.id;
        let mut connection = self.app.pool().acquire().await.expect("a connection");
        let head = history::head(&mut *connection, account).await.expect("the head");
        rebuild(&log, &mut connection, account, board, head).await.expect("a board").board
    }

    /// Where the log and the tables part.
    async fn difference(&self) -> Option<Difference> {
        let account = self.olive().actor.account.id;
        let replayed = replay(self.app.pool(), account).await.expect("a replay");
        assert_eq!(replayed.sequence, self.activities().await);
        replayed.differences.into_iter().next()
    }

    async fn tamper(&self, statement: &str) {
        sqlx::query(statement).execute(self.app.pool()).await.expect("a change of no event");
    }
}

#[tokio::test]
async fn a_board_is_rebuilt_from_its_events() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let website = olive.create_board("Website").await;
    olive.add_column(website, "Ideas").await;
    let [doing, done] = scene.columns;
    for title in ["Fold it", "Find a stamp", "Post it"] {
        let card = tomas.add_card(scene.board, doing, title).await;
        tomas.comment(card, "One.").await.expect(303);
        tomas.comment(card, "Two.").await.expect(303);
        let user = ("user_id", &*tomas.actor.user_id.to_string());
        olive.post(&format!("cards/{card}/assignments"), &[user]).await.expect(303);
        olive.post(&format!("cards/{card}/tags"), &[("name", title)]).await.expect(303);
        olive.post(&format!("cards/{card}/tags"), &[("name", "print")]).await.expect(303);
    }
    let [second, third, fourth] = [scene.card + 1, scene.card + 2, scene.card + 3];
    tomas.move_card(scene.card, done).await.expect(303);
    olive.post(&scene.of_card("closure"), &[]).await.expect(303);
    olive.post(&format!("cards/{second}/closure"), &[]).await.expect(303);
    olive.delete(&format!("cards/{second}/closure")).await.expect(303);
    let unassigned = format!("cards/{second}/assignments/{}", tomas.actor.user_id);
    olive.delete(&unassigned).await.expect(303);
    let board = ("board_id", &*website.to_string());
    olive.post(&format!("cards/{third}/board_moves"), &[board]).await.expect(303);
    olive.delete(&format!("cards/{fourth}")).await.expect(303);
    let cards = |board: BoardAsItWas| -> Vec<i64> {
        board.cards.values().map(|card| card.number).collect()
    };
    assert_eq!(cards(scene.folded(scene.board).await), [scene.card, second]);
    let there = scene.folded(website).await;
    let tags: Vec<&str> = there.tags.values().map(|tag| &*tag.name).collect();
    assert_eq!(tags, ["print", "Find a stamp"], "what the card brought along is called");
    assert_eq!(cards(there), [third]);
    assert_eq!(scene.difference().await, None);
    scene.app.finish().await;
}

#[tokio::test]
async fn whatever_no_event_says_is_found() {
    let scene = Scene::set().await;
    scene.olive().post(&scene.of_card("tags"), &[("name", "print")]).await.expect(303);
    assert_eq!(scene.difference().await, None);
    let card = format!("card {}", scene.card);
    for (change, back, thing, attribute) in [
        (
            "update cards set title = 'Other'",
            "update cards set title = 'Write the letter'",
            &*card,
            "title",
        ),
        (
            "update boards set name = name || '!'",
            "update boards set name = rtrim(name, '!')",
            "itself",
            "name",
        ),
        (
            "update columns set name = name || '!'",
            "update columns set name = rtrim(name, '!')",
            "column",
            "name",
        ),
        ("update tags set name = 'ink'", "update tags set name = 'print'", "tag", "name"),
    ] {
        scene.tamper(change).await;
        let found = scene.difference().await.unwrap_or_else(|| panic!("{change}: not found"));
        assert_eq!(found.of, format!("board {}", scene.board));
        assert!(found.thing.starts_with(thing), "{change}: {found}");
        assert_eq!(found.attribute, attribute, "{change}: {found}");
        scene.tamper(back).await;
        assert_eq!(scene.difference().await, None, "after {back}");
    }
    scene.tamper("update card_added set title = null, salt = null").await;
    assert_eq!(scene.difference().await, None, "a text that was erased may have been anything");
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_and_whatever_was_let_in_or_said_by_no_event_is_found() {
    let scene = Scene::set().await;
    scene.tomas.comment(scene.card, "It reads well.").await.expect(303);
    scene.app.program(scene.olive(), Scope::Read).await;
    assert_eq!(scene.difference().await, None);
    let (card, tomas) = (format!("card {}", scene.card), scene.tomas.actor.user_id);
    let of_account = "the account";
    for (change, back, of, thing) in [
        (
            "update comments set body = 'No.'",
            "update comments set body = 'It reads well.'",
            &*card,
            "comment",
        ),
        ("update cards set version = 7", "update cards set version = 1", &*card, "itself"),
        (
            "update comments set author_id = (select id from users where role = 'owner')",
            "update comments set author_id = (select id from users where role = 'member')",
            &*card,
            "comment",
        ),
        (
            &*format!("update users set role = 'owner' where id = '{tomas}'"),
            &*format!("update users set role = 'member' where id = '{tomas}'"),
            of_account,
            "member",
        ),
        (
            &*format!("update users set removed_at = now() where id = '{tomas}'"),
            "update users set removed_at = null",
            of_account,
            "member",
        ),
        (
            "update tokens set scope = 'admin'",
            "update tokens set scope = 'read'",
            of_account,
            "token",
        ),
        (
            "update accounts set name = name || '!'",
            "update accounts set name = rtrim(name, '!')",
            of_account,
            "itself",
        ),
    ] {
        scene.tamper(change).await;
        let found = scene.difference().await.unwrap_or_else(|| panic!("{change}: not found"));
        assert!(found.of == of && found.thing.starts_with(thing), "{change}: {found}");
        scene.tamper(back).await;
        assert_eq!(scene.difference().await, None, "after {back}");
    }
    let comment = "insert into comments (account_id, id, card_id, author_id, body, created_at)
                   select account_id, gen_random_uuid(), card_id, author_id, 'Yes.', now() from comments";
    scene.tamper(comment).await;
    assert!(scene.difference().await.is_some(), "a comment that nobody wrote");
    scene.app.finish().await;
}
