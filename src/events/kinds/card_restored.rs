//! A deleted card stands on a board again, with what hung on it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::events::board_as_it_was::{CardAsItWas, Stamp};
use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region,
    Sentence, Shows, Story, schema,
};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, CommentId, EventId, TagId, UserId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_restored",
    label: "Card restored",
    icon: "undo-2",
    color: Color::Moss,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardRestored::example()),
    schema: schema::of::<CardRestored>,
};

/// Somebody brought back a card that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardRestored {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it came to.
    pub column: ColumnSnapshot,
    /// Its place in that column.
    #[serde(skip)]
    pub rank: Rank,
    /// What it says, in Markdown.
    pub description: String,
    /// Whose work it is.
    pub assignee_ids: Vec<UserId>,
    /// The tags it is marked with.
    pub tag_ids: Vec<TagId>,
    /// The comments that came back with it.
    pub comment_ids: Vec<CommentId>,
    /// Who had closed it; none: it is open.
    #[schema(required)]
    pub closer_id: Option<UserId>,
    /// When it had been closed; none: it is open.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub closed_at: Option<OffsetDateTime>,
}

impl Event for CardRestored {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (card, column) = ((&self.card).into(), (&self.column).into());
        Sentence::of([Part::Words("restored"), card, Part::Words("to"), column])
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        let (column, card) = (self.column.id, self.card.id);
        vec![Region::Column(column), Region::CardPage(card), Region::CardLinks(card)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        let card = CardAsItWas {
            number: self.card.number,
            title: self.card.title.clone(),
            description: self.description.clone(),
            column_id: self.column.id,
            rank: self.rank.clone(),
            comments: i64::try_from(self.comment_ids.len()).unwrap_or(i64::MAX),
            closed: self.closed_at.map(|at| Stamp { at, by: self.closer_id }),
            assignees: self.assignee_ids.clone(),
            tags: self.tag_ids.iter().copied().collect(),
        };
        board.cards.insert(self.card.id, card);
    }

    fn tell(&self, story: &mut Story) {
        story.edits += 1;
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
    event: &CardRestored,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.column.name, &event.description]);
    sqlx::query!(
        "insert into card_restored (account_id, id, board_id, card_id, number, column_id,
         rank, title, column_name, column_color, description, assignee_ids, tag_ids,
         comment_ids, closer_id, closed_at, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
         $18, $19)",
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
        &event.assignee_ids as _,
        &event.tag_ids as _,
        &event.comment_ids as _,
        event.closer_id as _,
        event.closed_at,
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
               description, assignee_ids as "assignee_ids: Vec<UserId>",
               tag_ids as "tag_ids: Vec<TagId>", comment_ids as "comment_ids: Vec<CommentId>",
               closer_id as "closer_id: UserId", closed_at
           from card_restored where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardRestored {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
            rank: row.rank,
            description: kept(row.description),
            assignee_ids: row.assignee_ids,
            tag_ids: row.tag_ids,
            comment_ids: row.comment_ids,
            closer_id: row.closer_id,
            closed_at: row.closed_at,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardRestored {
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
            assignee_ids: vec![UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007"))],
            tag_ids: vec![TagId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000008"))],
            comment_ids: vec![CommentId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000005"))],
            closer_id: None,
            closed_at: None,
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
            "description": "Two pages.",
            "assignee_ids": ["0192d2f0-c5d4-7a0e-8b1e-000000000007"],
            "tag_ids": ["0192d2f0-c5d4-7a0e-8b1e-000000000008"],
            "comment_ids": ["0192d2f0-c5d4-7a0e-8b1e-000000000005"],
            "closer_id": null,
            "closed_at": null,
        });
        assert_eq!(CardRestored::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardRestored::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn restored Write the letter to To do");
    }
}
