//! A card was marked with a tag.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, CardSnapshot, Event, Header, Kind, Part, Place, Region, Sentence, Shows,
    TagSnapshot, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, EventId, TagId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_tagged",
    label: "Card tagged",
    icon: "tag",
    color: Color::Lichen,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardTagged::example()),
    schema: schema::of::<CardTagged>,
};

/// Somebody marked a card with a tag.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardTagged {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The tag.
    pub tag: TagSnapshot,
}

impl Event for CardTagged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (card, tag) = ((&self.card).into(), (&self.tag).into());
        Sentence::of([Part::Words("tagged"), card, Part::Words("with"), tag])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Card(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.tags.insert(self.tag.id);
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
    event: &CardTagged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.tag.name]);
    sqlx::query!(
        "insert into card_tagged (account_id, id, board_id, card_id, number, tag_id,
         title, tag_name, tag_color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.tag.id as _,
        event.card.title,
        event.tag.name,
        event.tag.color as _,
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
               card_id as "card_id: CardId", number, tag_id as "tag_id: TagId", title, tag_name,
               tag_color as "tag_color: Color"
           from card_tagged where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardTagged {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            tag: TagSnapshot { id: row.tag_id, name: kept(row.tag_name), color: row.tag_color },
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardTagged {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            tag: TagSnapshot {
                id: TagId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000008")),
                name: "print".to_owned(),
                color: Color::Clay,
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
            "tag": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000008", "name": "print", "color": "clay" },
        });
        assert_eq!(CardTagged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardTagged::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn tagged Write the letter with print");
    }
}
