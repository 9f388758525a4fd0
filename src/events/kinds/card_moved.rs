//! A card went from one column to another.

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
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_moved",
    label: "Card moved",
    icon: "arrow-right",
    color: Color::Slate,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardMoved::example()),
    schema: schema::of::<CardMoved>,
};

/// Somebody moved a card to another column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardMoved {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it left.
    pub from_column: ColumnSnapshot,
    /// The column it came to.
    pub to_column: ColumnSnapshot,
    /// Its place in that column.
    #[serde(skip)]
    pub rank: Rank,
}

impl Event for CardMoved {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("moved"),
            (&self.card).into(),
            Part::Words("from"),
            (&self.from_column).into(),
            Part::Words("to"),
            (&self.to_column).into(),
        ])
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        let columns = [self.from_column.id, self.to_column.id].map(Region::Column);
        columns.into_iter().chain([Region::Card(self.card.id)]).collect()
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.column_id = self.to_column.id;
            card.rank = self.rank.clone();
        }
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
    event: &CardMoved,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.from_column.name, &event.to_column.name]);
    sqlx::query!(
        "insert into card_moved (account_id, id, board_id, card_id, number,
         from_column_id, to_column_id, rank, title, from_column_name, from_column_color,
         to_column_name, to_column_color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.from_column.id as _,
        event.to_column.id as _,
        event.rank.as_str(),
        event.card.title,
        event.from_column.name,
        event.from_column.color as _,
        event.to_column.name,
        event.to_column.color as _,
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
               number, from_column_id as "from_column_id: ColumnId", to_column_id as
               "to_column_id: ColumnId", rank as "rank: Rank", title, from_column_name,
               from_column_color as "from_column_color: Color", to_column_name, to_column_color as
               "to_column_color: Color"
           from card_moved where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardMoved {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            from_column: ColumnSnapshot {
                id: row.from_column_id,
                name: kept(row.from_column_name),
                color: row.from_column_color,
            },
            to_column: ColumnSnapshot {
                id: row.to_column_id,
                name: kept(row.to_column_name),
                color: row.to_column_color,
            },
            rank: row.rank,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardMoved {
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
            to_column: ColumnSnapshot {
                id: ColumnId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000004")),
                name: "Doing".to_owned(),
                color: Color::Lake,
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
            "from_column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000002", "name": "To do", "color": "stone" },
            "to_column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000004", "name": "Doing", "color": "lake" },
        });
        assert_eq!(CardMoved::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardMoved::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn moved Write the letter from To do to Doing");
    }
}
