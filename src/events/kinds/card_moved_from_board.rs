//! A card came to a board from another one, with all that it carries.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::board_as_it_was::CardAsItWas;
use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, CardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place,
    Region, Sentence, Shows, schema,
};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, EventId, TagId, UserId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "card_moved_from_board",
    label: "Card moved from another board",
    icon: "log-in",
    color: Color::Slate,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CardMovedFromBoard::example()),
    schema: schema::of::<CardMovedFromBoard>,
};

/// Somebody moved a card from another board: what the board it came to is told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CardMovedFromBoard {
    /// The board it came to.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The column it came to.
    pub column: ColumnSnapshot,
    /// Its place in that column.
    #[serde(skip)]
    pub rank: Rank,
    /// The board it left, if everybody may know of that one.
    #[schema(required)]
    pub from_board: Option<BoardSnapshot>,
    /// What it says, in Markdown.
    pub description: String,
    /// Whose work it is.
    pub assignee_ids: Vec<UserId>,
    /// The tags it is marked with.
    pub tag_ids: Vec<TagId>,
    /// How many comments it has.
    pub comments: i64,
}

impl Event for CardMovedFromBoard {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let board = self.from_board.as_ref().map_or(Part::Words("another board"), Part::from);
        let (card, column) = ((&self.card).into(), (&self.column).into());
        let (from, to) = (Part::Words("from"), Part::Words("to"));
        Sentence::of([Part::Words("brought"), card, from, board, to, column])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Column(self.column.id), Region::CardPage(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        let card = CardAsItWas {
            number: self.card.number,
            title: self.card.title.clone(),
            description: self.description.clone(),
            column_id: self.column.id,
            rank: self.rank.clone(),
            comments: usize::try_from(self.comments).unwrap_or(0),
            closed: false,
            assignees: self.assignee_ids.iter().copied().collect(),
            tags: self.tag_ids.iter().copied().collect(),
        };
        board.cards.insert(self.card.id, card);
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
    event: &CardMovedFromBoard,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let from_board = event.from_board.as_ref().map_or("", |board| &board.name);
    let column = &event.column.name;
    let texts = Texts::over(&[&event.card.title, column, from_board, &event.description]);
    sqlx::query!(
        "insert into card_moved_from_board (account_id, id, board_id, card_id, number,
         column_id, rank, from_board_id, title, column_name, column_color,
         from_board_name, description, assignee_ids, tag_ids, comments, salt, digest,
         created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
         $18, $19)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.column.id as _,
        event.rank.as_str(),
        event.from_board.as_ref().map(|board| board.id) as _,
        event.card.title,
        event.column.name,
        event.column.color as _,
        event.from_board.as_ref().map(|board| &board.name) as _,
        event.description,
        &event.assignee_ids as _,
        &event.tag_ids as _,
        event.comments,
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
               rank as "rank: Rank", from_board_id as "from_board_id: BoardId", title,
               column_name, column_color as "column_color: Color", from_board_name, description,
               assignee_ids as "assignee_ids: Vec<UserId>", tag_ids as "tag_ids: Vec<TagId>",
               comments
           from card_moved_from_board where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CardMovedFromBoard {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            column: ColumnSnapshot {
                id: row.column_id,
                name: kept(row.column_name),
                color: row.column_color,
            },
            rank: row.rank,
            from_board: row
                .from_board_id
                .map(|id| BoardSnapshot { id, name: kept(row.from_board_name) }),
            description: kept(row.description),
            assignee_ids: row.assignee_ids,
            tag_ids: row.tag_ids,
            comments: row.comments,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CardMovedFromBoard {
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
            from_board: Some(BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000009")),
                name: "Website".to_owned(),
            }),
            description: "Two pages.".to_owned(),
            assignee_ids: vec![UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007"))],
            tag_ids: vec![TagId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000008"))],
            comments: 2,
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
            "from_board": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000009", "name": "Website" },
            "description": "Two pages.",
            "assignee_ids": ["0192d2f0-c5d4-7a0e-8b1e-000000000007"],
            "tag_ids": ["0192d2f0-c5d4-7a0e-8b1e-000000000008"],
            "comments": 2,
        });
        assert_eq!(CardMovedFromBoard::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CardMovedFromBoard::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn brought Write the letter from Website to To do");
    }
}
