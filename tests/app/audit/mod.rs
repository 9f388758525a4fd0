//! The audit of an account and the histories of cards and boards.

mod export;
mod filters;
mod histories;
mod looks;
mod private;

use cairn::values::Role;
use cairn::values::id::{AddressId, BoardId, ColumnId};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::people::Person;

/// Two boards, each with a column and a card, and Tomas, who has commented on the second card.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    boards: [BoardId; 2],
    columns: [ColumnId; 2],
    cards: [i64; 2],
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Admin).await;
        let olive = &account.owner;
        let boards = [olive.create_board("Spring").await, olive.create_board("Autumn").await];
        let columns = [
            olive.add_column(boards[0], "Doing").await,
            olive.add_column(boards[1], "Doing").await,
        ];
        let cards = [
            olive.add_card(boards[0], columns[0], "Sow").await,
            olive.add_card(boards[1], columns[1], "Reap").await,
        ];
        tomas.comment(cards[1], "It is cold.").await.expect(303);
        Self { app, account, tomas, boards, columns, cards }
    }

    fn owner(&self) -> &Person {
        &self.account.owner
    }

    /// The number of the account’s newest activity.
    async fn head(&self) -> i64 {
        let query = "select sequence from account_heads where account_id = $1";
        let query = sqlx::query_scalar(query).bind(self.owner().actor.account.id.uuid());
        query.fetch_one(self.app.pool()).await.expect("a head")
    }

    /// Says of the newest activity that it was done from an address.
    async fn came_from(&self, address: &str) {
        let account = self.owner().actor.account.id.uuid();
        let place = "insert into addresses (account_id, id, address, digest)
                     values ($1, $2, $3, sha256($3::text::bytea))";
        let id = AddressId::new().uuid();
        let place = sqlx::query(place).bind(account).bind(id).bind(address);
        place.execute(self.app.pool()).await.expect("an address");
        let move_there =
            "update activities set address_id = $2 where account_id = $1 and sequence = $3";
        let move_there = sqlx::query(move_there).bind(account).bind(id).bind(self.head().await);
        move_there.execute(self.app.pool()).await.expect("an activity");
    }

    /// So many activities more, each a comment by Olive that was made last.
    async fn add_comments(&self, count: i64) {
        let olive = self.owner();
        olive.comment(self.cards[0], "Again.").await.expect(303);
        let copy = "with last as (
                select a.* from activities a where account_id = $1 and sequence = $2
            ), made as (
                select n, gen_random_uuid() as id from generate_series(1, $3::bigint) n
            ), typed as (
                insert into comment_added (account_id, id, board_id, card_id, number, comment_id,
                    title, body, salt, digest, created_at)
                select c.account_id, made.id, c.board_id, c.card_id, c.number, c.comment_id,
                    c.title, c.body, c.salt, c.digest, c.created_at
                from made, comment_added c join last on c.account_id = $1 and c.id = last.id
            ), head as (
                update account_heads set sequence = $2 + $3 where account_id = $1
            )
            insert into activities (account_id, sequence, id, subject_type, creator_id, board_id,
                card_id, cause_id, undoes_id, source, token_id, address_id, created_at)
            select account_id, $2 + n, made.id, subject_type, creator_id, board_id,
                card_id, cause_id, undoes_id, source, token_id, address_id, created_at
            from made, last";
        let copy = sqlx::query(copy).bind(olive.actor.account.id.uuid());
        let copy = copy.bind(self.head().await).bind(count);
        copy.execute(self.app.pool()).await.expect("many comments");
    }
}
