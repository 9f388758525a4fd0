//! A card was closed: it is done with, and leaves its column.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region,
    Sentence, Shows, Undoing, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_closed",
    label: "Card closed",
    icon: "circle-check",
    color: Color::Moss,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardClosed::example()),
    schema: schema::of::<CardClosed>,
};

/// Somebody closed a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardClosed {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it left.
    pub column: ColumnSnapshot,
}

impl Event for CardClosed {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("closed"), (&self.card).into()])
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Column(self.column.id), Region::Card(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.closed = Some(board.now);
        }
    }

    fn undoing(&self) -> Option<Undoing> {
        Some(Undoing::Reopening)
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
    event: &CardClosed,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.column.name]);
    sqlx::query!(
        "insert into card_closed (account_id, id, board_id, card_id, number, column_id,
         title, column_name, column_color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.column.id as _,
        event.card.title,
        event.column.name,
        event.column.color as _,
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
               card_id as "card_id: CardId", number, column_id as "column_id: ColumnId", title,
               column_name, column_color as "column_color: Color"
           from card_closed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardClosed {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardClosed {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            column: ColumnSnapshot {
                id: ColumnId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000002")),
                name: "To do".to_owned(),
                color: Color::Stone,
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
            "board_id": "0192d2f0-c5d4-7a0e-8b1e-000000000001",
            "card": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000003", "number": 142, "title": "Write the letter" },
            "column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000002", "name": "To do", "color": "stone" },
        });
        assert_eq!(CardClosed::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardClosed::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn closed Write the letter");
    }
}
