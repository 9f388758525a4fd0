//! A card took another place in its column; too small a thing for the feed.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region, Sentence,
    Shows, Undoing, schema,
};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_reordered",
    label: "Card reordered",
    icon: "arrow-up-down",
    color: Color::Slate,
    shows: Shows::NOT_IN_FEED,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardReordered::example()),
    schema: schema::of::<CardReordered>,
};

/// Somebody put a card elsewhere in its column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardReordered {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it is in.
    pub column: ColumnSnapshot,
    /// Its place in that column.
    #[serde(skip)]
    pub rank: Rank,
}

impl Event for CardReordered {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (card, column) = ((&self.card).into(), (&self.column).into());
        Sentence::of([Part::Words("put"), card, Part::Words("elsewhere in"), column])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Column(self.column.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.rank = self.rank.clone();
        }
    }

    fn undoing(&self) -> Option<Undoing> {
        Some(Undoing::Place { column: self.column.clone() })
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
    event: &CardReordered,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.column.name]);
    sqlx::query!(
        "insert into card_reordered (account_id, id, board_id, card_id, number,
         column_id, rank, title, column_name, column_color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.column.id as _,
        event.rank.as_str(),
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId", card_id as "card_id: CardId",
               number, column_id as "column_id: ColumnId", rank as "rank: Rank", title,
               column_name, column_color as "column_color: Color"
           from card_reordered where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardReordered {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
            rank: row.rank,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardReordered {
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
            rank: Rank::between(None, None),
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
        assert_eq!(CardReordered::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardReordered::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn put Write the letter elsewhere in To do");
    }
}
