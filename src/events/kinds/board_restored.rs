//! A board that was put away is worked on again.

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
    name: "board_restored",
    label: "Board restored",
    icon: "archive-restore",
    color: Color::Moss,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(BoardRestored::example()),
    schema: schema::of::<BoardRestored>,
};

/// Somebody took a board back out of the archive.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardRestored {
    /// The board.
    pub board: BoardSnapshot,
}

impl Event for BoardRestored {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("restored the board"), (&self.board).into()])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::BoardPage(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.is_archived = false;
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
    event: &BoardRestored,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name]);
    sqlx::query!(
        "insert into board_restored (account_id, id, board_id, name, salt, digest, created_at)
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
           from board_restored where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(BoardRestored {
            board: BoardSnapshot { id: row.board_id, name: kept(row.name) },
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl BoardRestored {
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
        assert_eq!(BoardRestored::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = BoardRestored::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn restored the board Spring catalogue");
    }
}
