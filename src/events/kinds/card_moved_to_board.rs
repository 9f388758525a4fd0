//! A card left its board for another one, whose own event tells how it came there.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, BoardSnapshot, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part,
    Place, Region, Sentence, Shows, Undoing, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_moved_to_board",
    label: "Card moved to another board",
    icon: "log-out",
    color: Color::Slate,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardMovedToBoard::example()),
    schema: schema::of::<CardMovedToBoard>,
};

/// Somebody moved a card to another board: what the board it left is told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardMovedToBoard {
    /// The board it left.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it left.
    pub from_column: ColumnSnapshot,
    /// The board it went to, if everybody may know of that one.
    #[schema(required)]
    pub to_board: Option<BoardSnapshot>,
}

impl Event for CardMovedToBoard {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let board = self.to_board.as_ref().map_or(Part::Words("another board"), Part::from);
        Sentence::of([Part::Words("moved"), (&self.card).into(), Part::Words("to"), board])
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Column(self.from_column.id), Region::CardPage(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.cards.remove(&self.card.id);
    }

    fn undoing(&self) -> Option<Undoing> {
        Some(Undoing::Place { column: self.from_column.clone() })
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
    event: &CardMovedToBoard,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let to_board = event.to_board.as_ref().map_or("", |board| &board.name);
    let texts = Texts::over(&[&event.card.title, &event.from_column.name, to_board]);
    sqlx::query!(
        "insert into card_moved_to_board (account_id, id, board_id, card_id, number,
         column_id, to_board_id, title, column_name, column_color, to_board_name, salt,
         digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.from_column.id as _,
        event.to_board.as_ref().map(|board| board.id) as _,
        event.card.title,
        event.from_column.name,
        event.from_column.color as _,
        event.to_board.as_ref().map(|board| &board.name) as _,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId",
               card_id as "card_id: CardId", number, column_id as "column_id: ColumnId",
               to_board_id as "to_board_id: BoardId", title, column_name,
               column_color as "column_color: Color", to_board_name
           from card_moved_to_board where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardMovedToBoard {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            from_column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
            to_board: row.to_board_id.map(|id| BoardSnapshot { id, name: kept(row.to_board_name) }),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardMovedToBoard {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            from_column: ColumnSnapshot {
                id: ColumnId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000002")),
                name: "To do".to_owned(),
                color: Color::Stone,
            },
            to_board: Some(BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000009")),
                name: "Website".to_owned(),
            }),
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
            "board_id": "0192d2f0-c5d4-7a0e-8b1e-000000000001",
            "card": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000003", "number": 142, "title": "Write the letter" },
            "from_column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000002", "name": "To do", "color": "stone" },
            "to_board": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000009", "name": "Website" },
        });
        assert_eq!(CardMovedToBoard::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardMovedToBoard::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn moved Write the letter to Website");
    }

    #[test]
    fn a_board_that_is_not_for_everybody_is_not_named() {
        let event = CardMovedToBoard { to_board: None, ..CardMovedToBoard::example() };
        let text = event.sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn moved Write the letter to another board");
    }
}
