//! A board was put away: it can be read, and not changed.

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
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "board_archived",
    label: "Board archived",
    icon: "archive",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(BoardArchived::example()),
    schema: schema::of::<BoardArchived>,
};

/// Somebody put a board away.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardArchived {
    /// The board.
    pub board: BoardSnapshot,
}

impl Event for BoardArchived {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("archived the board"), (&self.board).into()])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::BoardPage(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.is_archived = true;
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
    event: &BoardArchived,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name]);
    sqlx::query!(
        "insert into board_archived (account_id, id, board_id, name, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.board.name,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId", name
           from board_archived where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(BoardArchived {
            board: BoardSnapshot { id: row.board_id, name: kept(row.name) },
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl BoardArchived {
    fn example() -> Self {
        Self {
            board: BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
                name: "Spring catalogue".to_owned(),
            },
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
        });
        assert_eq!(BoardArchived::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = BoardArchived::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn archived the board Spring catalogue");
    }
}
