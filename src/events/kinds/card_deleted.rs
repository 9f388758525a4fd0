//! A card was deleted with all that hung on it; what it was stands here.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region,
    Sentence, Shows, Undoing, schema,
};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId, UserId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_deleted",
    label: "Card deleted",
    icon: "trash",
    color: Color::Rowan,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardDeleted::example()),
    schema: schema::of::<CardDeleted>,
};

/// Somebody deleted a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardDeleted {
    /// The board it was on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it stood in.
    pub column: ColumnSnapshot,
    /// Its place in that column.
    #[serde(skip)]
    pub rank: Rank,
    /// What it said, in Markdown.
    #[serde(skip)]
    pub description: String,
    /// Who followed it.
    #[serde(skip)]
    pub watcher_ids: Vec<UserId>,
}

impl Event for CardDeleted {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("deleted"), (&self.card).into()])
    }

    fn audience(&self) -> Audience {
        Audience::People { card: self.card.id, people: self.watcher_ids.clone() }
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Column(self.column.id), Region::CardPage(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.cards.remove(&self.card.id);
    }

    fn undoing(&self) -> Option<Undoing> {
        Some(Undoing::Card {
            card: self.card.clone(),
            description: self.description.clone(),
            column: self.column.clone(),
            rank: self.rank.clone(),
            watcher_ids: self.watcher_ids.clone(),
        })
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
    event: &CardDeleted,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.column.name, &event.description]);
    sqlx::query!(
        "insert into card_deleted (account_id, id, board_id, card_id, number, column_id,
         rank, title, column_name, column_color, description, watcher_ids, salt, digest,
         created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
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
        event.description,
        &event.watcher_ids as _,
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
               rank as "rank: Rank", title, column_name, column_color as "column_color: Color",
               description, watcher_ids as "watcher_ids: Vec<UserId>"
           from card_deleted where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardDeleted {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
            rank: row.rank,
            description: kept(row.description),
            watcher_ids: row.watcher_ids,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

/// The event of the last deletion of the card that had this number, if there was one.
///
/// # Errors
/// A database that fails.
pub async fn of_number(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    number: i64,
) -> sqlx::Result<Option<EventId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: EventId" from card_deleted where account_id = $1 and number = $2
           order by id desc limit 1"#,
        account as _,
        number,
    );
    id.fetch_optional(executor).await
}

impl CardDeleted {
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
            description: "Two pages.".to_owned(),
            watcher_ids: vec![UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007"))],
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
        assert_eq!(CardDeleted::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardDeleted::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn deleted Write the letter");
    }
}
