//! Somebody was given a card as their work.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, Event, Header, Kind, Part, Place, Region, Sentence,
    Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, EventId, UserId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_assigned",
    label: "Card assigned",
    icon: "user-check",
    color: Color::Heather,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardAssigned::example()),
    schema: schema::of::<CardAssigned>,
};

/// Somebody assigned a card to a member, perhaps to themselves.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardAssigned {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// Whose work it is from then on.
    pub user_id: UserId,
}

impl Event for CardAssigned {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (card, person) = ((&self.card).into(), Part::Person(self.user_id));
        Sentence::of([Part::Words("assigned"), card, Part::Words("to"), person])
    }

    fn audience(&self) -> Audience {
        Audience::People { card: self.card.id, people: vec![self.user_id] }
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Card(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.assignees.insert(self.user_id);
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
    event: &CardAssigned,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title]);
    sqlx::query!(
        "insert into card_assigned (account_id, id, board_id, card_id, number, user_id,
         title, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.user_id as _,
        event.card.title,
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
               card_id as "card_id: CardId", number, user_id as "user_id: UserId", title
           from card_assigned where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardAssigned {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            user_id: row.user_id,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardAssigned {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
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
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
        });
        assert_eq!(CardAssigned::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardAssigned::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn assigned Write the letter to A former member");
    }
}
