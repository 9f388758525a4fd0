//! A board was made.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema,
};
use crate::values::id::{AccountId, BoardId, EventId};
use crate::values::{BoardAccess, Color};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "board_created",
    label: "Board created",
    icon: "square-kanban",
    color: Color::Lichen,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(BoardCreated::example()),
    schema: schema::of::<BoardCreated>,
};

/// Somebody made a board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BoardCreated {
    /// The board.
    pub board: BoardSnapshot,
    /// Its colour.
    pub color: Color,
    /// Who sees it.
    pub access: BoardAccess,
}

impl Event for BoardCreated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let words = match self.access {
            BoardAccess::Everyone => "made the board",
            BoardAccess::Chosen => "made the private board",
        };
        Sentence::of([Part::Words(words), (&self.board).into()])
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.name.clone_from(&self.board.name);
        board.access = self.access;
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
    event: &BoardCreated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name]);
    sqlx::query!(
        "insert into board_created (account_id, id, board_id, name, color, access, salt,
         digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.board.name,
        event.color as _,
        event.access as _,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId", name, color as "color: Color",
               access as "access: BoardAccess"
           from board_created where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(BoardCreated {
            board: BoardSnapshot { id: row.board_id, name: kept(row.name) },
            color: row.color,
            access: row.access,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl BoardCreated {
    fn example() -> Self {
        Self {
            board: BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
                name: "Spring catalogue".to_owned(),
            },
            color: Color::Clay,
            access: BoardAccess::Everyone,
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
            "color": "clay",
            "access": "everyone",
        });
        assert_eq!(BoardCreated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = BoardCreated::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn made the board Spring catalogue");
    }
}
