//! A board was given another name.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "board_renamed",
    label: "Board renamed",
    icon: "pencil",
    color: Color::Ochre,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(BoardRenamed::example()),
    schema: schema::of::<BoardRenamed>,
};

/// Somebody gave a board another name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardRenamed {
    /// The board, with its new name.
    pub board: BoardSnapshot,
    /// What it was called before.
    pub old_name: String,
}

impl Event for BoardRenamed {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let old_name = Part::Text(self.old_name.clone());
        let board = (&self.board).into();
        Sentence::of([Part::Words("renamed the board"), old_name, Part::Words("to"), board])
    }

    fn changes(&self) -> Vec<Change> {
        Change::between("name", &self.old_name, &self.board.name).into_iter().collect()
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Board(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.name.clone_from(&self.board.name);
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
    event: &BoardRenamed,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.old_name, &event.board.name]);
    sqlx::query!(
        "insert into board_renamed (account_id, id, board_id, old_name, name, salt, digest,
         created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.old_name,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId", old_name, name
           from board_renamed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(BoardRenamed {
            board: BoardSnapshot { id: row.board_id, name: kept(row.name) },
            old_name: kept(row.old_name),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl BoardRenamed {
    fn example() -> Self {
        Self {
            board: BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
                name: "Spring catalogue".to_owned(),
            },
            old_name: "Catalogue".to_owned(),
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
            "old_name": "Catalogue",
        });
        assert_eq!(BoardRenamed::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = BoardRenamed::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn renamed the board Catalogue to Spring catalogue");
    }
}
