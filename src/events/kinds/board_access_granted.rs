//! A board was shown to somebody, or opened to everyone.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema,
};
use crate::values::id::{AccountId, BoardId, EventId, UserId};
use crate::values::{BoardAccess, Color};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "board_access_granted",
    label: "Board access granted",
    icon: "lock-open",
    color: Color::Moss,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(BoardAccessGranted::example()),
    schema: schema::of::<BoardAccessGranted>,
};

/// Somebody let a person, or everyone in the account, see a board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardAccessGranted {
    /// The board.
    pub board: BoardSnapshot,
    /// The person; none: everyone in the account.
    #[schema(required)]
    pub user_id: Option<UserId>,
}

impl Event for BoardAccessGranted {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let board = (&self.board).into();
        match self.user_id {
            Some(id) => {
                let person = Part::Person(id);
                Sentence::of([Part::Words("gave"), person, Part::Words("access to"), board])
            }
            None => Sentence::of([Part::Words("opened"), board, Part::Words("to everyone")]),
        }
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Board(self.board.id), Region::Sight(self.user_id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        match self.user_id {
            Some(user) => {
                board.chosen.insert(user);
            }
            None => board.access = BoardAccess::Everyone,
        }
    }

    fn data(&self) -> Value {
        serde_json::json!(self)
    }

    fn insert<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        header: &'a Header,
    ) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(insert(self, connection, header))
    }
}

async fn insert(
    event: &BoardAccessGranted,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name]);
    sqlx::query!(
        "insert into board_access_granted (account_id, id, board_id, name, user_id, salt,
         digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.board.name,
        event.user_id as _,
        texts.salt,
        texts.digest,
        header.created_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn load(
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[EventId],
) -> sqlx::Result<Loaded> {
    let rows = sqlx::query!(
        r#"select id as "id: EventId", board_id as "board_id: BoardId", name, user_id as "user_id: UserId"
           from board_access_granted where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(BoardAccessGranted {
            board: BoardSnapshot { id: row.board_id, name: kept(row.name) },
            user_id: row.user_id,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl BoardAccessGranted {
    fn example() -> Self {
        Self {
            board: BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
                name: "Spring catalogue".to_owned(),
            },
            user_id: Some(UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000005"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({
            "board": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000001", "name": "Spring catalogue" },
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000005",
        });
        assert_eq!(BoardAccessGranted::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = BoardAccessGranted::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn gave A former member access to Spring catalogue");
    }

    #[test]
    fn without_a_person_it_is_about_everyone() {
        let event = BoardAccessGranted { user_id: None, ..BoardAccessGranted::example() };
        let text = event.sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn opened Spring catalogue to everyone");
        assert_eq!(event.data()["user_id"], Value::Null);
    }
}
