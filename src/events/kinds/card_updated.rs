//! The words of a card changed: what each attribute was and became.

use std::collections::{BTreeMap, HashMap};
use std::iter;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, Event, Header, Kind, Part, Place, Region, Sentence,
    Shows, Story, Undoing, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_updated",
    label: "Card updated",
    icon: "pencil",
    color: Color::Ochre,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardUpdated::example()),
    schema: schema::of::<CardUpdated>,
};

/// The attributes of a card that can be edited, in the order in which they are told.
const ATTRIBUTES: &[&str] = &["title", "description"];

/// What attributes were and became.
pub type Changes = BTreeMap<&'static str, (String, String)>;

/// Somebody edited a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardUpdated {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// What each attribute was and became.
    #[schema(value_type = BTreeMap<String, [String; 2]>)]
    pub changes: Changes,
}

impl Event for CardUpdated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let changes = ATTRIBUTES.iter().filter_map(|attribute| {
            let (old, new) = self.changes.get(attribute)?.clone();
            Some(Change { attribute: (*attribute).to_owned(), old, new })
        });
        Sentence::of([Part::Words("changed"), (&self.card).into()]).with_changes(changes.collect())
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Card(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        let Some(card) = board.cards.get_mut(&self.card.id) else { return };
        for (attribute, (_, new)) in &self.changes {
            match *attribute {
                "title" => card.title.clone_from(new),
                _ => card.description.clone_from(new),
            }
        }
    }

    fn tell(&self, story: &mut Story) {
        story.edits += 1;
    }

    fn undoing(&self) -> Option<Undoing> {
        let old = |attribute| self.changes.get(attribute).map(|(old, _)| old.clone());
        Some(Undoing::Words { title: old("title"), description: old("description") })
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
    event: &CardUpdated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let changed = event.changes.values().flat_map(|(old, new)| [old.as_str(), new.as_str()]);
    let all: Vec<&str> = iter::once(event.card.title.as_str()).chain(changed).collect();
    let texts = Texts::over(&all);
    sqlx::query!(
        "insert into card_updated (account_id, id, board_id, card_id, number, title,
         salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.card.title,
        texts.salt,
        texts.digest,
        header.created_at,
    )
    .execute(&mut *connection)
    .await?;
    insert_changes(event, connection, header).await
}

async fn insert_changes(
    event: &CardUpdated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let attributes: Vec<&str> = event.changes.keys().copied().collect();
    let (old, new): (Vec<&str>, Vec<&str>) =
        event.changes.values().map(|(old, new)| (old.as_str(), new.as_str())).unzip();
    sqlx::query!(
        "insert into card_updated_changes (account_id, event_id, attribute, old, new, created_at)
         select $1, $2, change.*, $6 from unnest($3::text[], $4::text[], $5::text[]) as change",
        header.account_id as _,
        header.id as _,
        &attributes as _,
        &old as _,
        &new as _,
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
    let mut changes = load_changes(connection, account, ids).await?;
    let rows = sqlx::query!(
        r#"select id as "id: EventId", board_id as "board_id: BoardId", card_id as "card_id: CardId",
               number, title
           from card_updated where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardUpdated {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            changes: changes.remove(&row.id).unwrap_or_default(),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

async fn load_changes(
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[EventId],
) -> sqlx::Result<HashMap<EventId, Changes>> {
    let rows = sqlx::query!(
        r#"select event_id as "event_id: EventId", attribute, old, new
           from card_updated_changes where account_id = $1 and event_id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let mut changes: HashMap<EventId, Changes> = HashMap::new();
    for row in rows {
        if let Some(attribute) = ATTRIBUTES.iter().find(|known| **known == row.attribute) {
            let change = (kept(row.old), kept(row.new));
            changes.entry(row.event_id).or_default().insert(attribute, change);
        }
    }
    Ok(changes)
}

impl CardUpdated {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            changes: Changes::from([
                ("title", ("Letter".to_owned(), "Write the letter".to_owned())),
                ("description", ("A".to_owned(), "B".to_owned())),
            ]),
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
            "changes": { "title": ["Letter", "Write the letter"], "description": ["A", "B"] },
        });
        assert_eq!(CardUpdated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardUpdated::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn changed Write the letter: title: Letter → Write the letter, description: A → B"
        );
    }
}
