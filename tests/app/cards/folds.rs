//! What happened, folded, comes to what the tables say.

use std::collections::BTreeSet;

use cairn::events::board_as_it_was::CardAsItWas;
use cairn::events::{BoardAsItWas, KINDS, Log, history};
use cairn::values::Rank;
use cairn::values::id::{BoardId, CardId, ColumnId, TagId, UserId};
use sqlx::Row as _;
use uuid::Uuid;

use super::Scene;

impl Scene {
    /// A board as its events tell it.
    async fn folded(&self, board: BoardId) -> BoardAsItWas {
        let log = Log::new(self.app.pool().clone(), Vec::new());
        let page = history::Page::newest(history::Scope::board(board), 1_000, KINDS.to_vec());
        let page = history::Page { from: history::From::After(0), ..page };
        let account = self.olive().actor.account.id;
        let mut folded = BoardAsItWas::default();
        for activity in history::page(&log, account, &page).await.expect("activities") {
            activity.event.apply(&mut folded);
        }
        folded
    }

    /// The cards of a board as the tables have them.
    async fn stored(&self, board: BoardId) -> Vec<(CardId, CardAsItWas)> {
        let query =
            "select c.*, (select count(*) from comments m where m.card_id = c.id) as comments,
                         exists (select from closures k where k.card_id = c.id) as closed,
                         array(select user_id from assignments a where a.card_id = c.id) as people,
                         array(select tag_id from taggings t where t.card_id = c.id) as tags
                     from cards c where c.board_id = $1 order by c.id";
        let rows = sqlx::query(query).bind(board.uuid()).fetch_all(self.app.pool());
        let cards = rows.await.expect("cards").into_iter().map(|row| {
            let ids = |name: &str| row.get::<Vec<Uuid>, _>(name);
            let card = CardAsItWas {
                number: row.get("number"),
                title: row.get("title"),
                description: row.get("description"),
                column_id: ColumnId::from(row.get::<Uuid, _>("column_id")),
                rank: row.get::<Rank, _>("rank"),
                comments: usize::try_from(row.get::<i64, _>("comments")).expect("a count"),
                closed: row.get("closed"),
                assignees: ids("people").into_iter().map(UserId::from).collect::<BTreeSet<_>>(),
                tags: ids("tags").into_iter().map(TagId::from).collect::<BTreeSet<_>>(),
            };
            (CardId::from(row.get::<Uuid, _>("id")), card)
        });
        cards.collect()
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
    for board in [scene.board, website] {
        let folded: Vec<_> = scene.folded(board).await.cards.into_iter().collect();
        assert!(!folded.is_empty(), "nothing to compare");
        assert_eq!(folded, scene.stored(board).await, "events (left) and tables");
    }
    scene.app.finish().await;
}
