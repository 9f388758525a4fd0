//! A card is no longer somebody’s work.

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
    name: "card_unassigned",
    label: "Card unassigned",
    icon: "user-minus",
    color: Color::Heather,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardUnassigned::example()),
    schema: schema::of::<CardUnassigned>,
};

/// Somebody took a card off a member, perhaps off themselves.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardUnassigned {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// Whose work it was.
    pub user_id: UserId,
}

impl Event for CardUnassigned {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (card, person) = ((&self.card).into(), Part::Person(self.user_id));
        Sentence::of([Part::Words("took"), card, Part::Words("off"), person])
    }

    fn audience(&self) -> Audience {
        Audience::People { card: self.card.id, people: vec![self.user_id] }
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Card(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.assignees.remove(&self.user_id);
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
    event: &CardUnassigned,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title]);
    sqlx::query!(
        "insert into card_unassigned (account_id, id, board_id, card_id, number, user_id,
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
           from card_unassigned where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardUnassigned {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            user_id: row.user_id,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardUnassigned {
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
        assert_eq!(CardUnassigned::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardUnassigned::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn took Write the letter off A former member");
    }
}
