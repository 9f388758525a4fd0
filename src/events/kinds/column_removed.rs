//! A column was removed; its cards went to another one, if it had any.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region,
    Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, ColumnId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "column_removed",
    label: "Column removed",
    icon: "trash",
    color: Color::Rowan,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(ColumnRemoved::example()),
    schema: schema::of::<ColumnRemoved>,
};

/// Somebody removed a column from its board. Each card that stood in it was moved, which is an event
/// of its own that this one entailed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColumnRemoved {
    /// The board.
    pub board: BoardSnapshot,
    /// The column.
    pub column: ColumnSnapshot,
    /// The column that its cards went to; none when it had no cards.
    #[schema(required)]
    pub to_column: Option<ColumnSnapshot>,
}

impl Event for ColumnRemoved {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let column = (&self.column).into();
        let (words, to) = match &self.to_column {
            Some(to) => ("and moved its cards to", to.into()),
            None => ("from", (&self.board).into()),
        };
        Sentence::of([Part::Words("removed the column"), column, Part::Words(words), to])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Columns(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.columns.remove(&self.column.id);
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
    event: &ColumnRemoved,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let to_column = event.to_column.as_ref();
    let to_name = to_column.map_or("", |column| column.name.as_str());
    let to_color = to_column.map_or("", |column| column.color.as_str());
    let texts = Texts::over(&[&event.board.name, &event.column.name, to_name, to_color]);
    sqlx::query!(
        "insert into column_removed (account_id, id, board_id, column_id, board_name, name,
         color, to_column_id, to_column_name, to_column_color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.column.id as _,
        event.board.name,
        event.column.name,
        event.column.color as _,
        to_column.map(|column| column.id) as _,
        to_column.map(|column| column.name.as_str()),
        to_column.map(|column| column.color) as _,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId", column_id as
               "column_id: ColumnId", board_name, name, color as "color: Color", to_column_id as
               "to_column_id: ColumnId", to_column_name, to_column_color as "to_column_color: Color"
           from column_removed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(ColumnRemoved {
            board: BoardSnapshot { id: row.board_id, name: kept(row.board_name) },
            column: ColumnSnapshot { id: row.column_id, name: kept(row.name), color: row.color },
            to_column: row.to_column_id.map(|id| ColumnSnapshot {
                id,
                name: kept(row.to_column_name),
                color: row.to_column_color.unwrap_or(row.color),
            }),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl ColumnRemoved {
    fn example() -> Self {
        Self {
            board: BoardSnapshot {
                id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
                name: "Spring catalogue".to_owned(),
            },
            column: ColumnSnapshot {
                id: ColumnId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000002")),
                name: "In review".to_owned(),
                color: Color::Ochre,
            },
            to_column: Some(ColumnSnapshot {
                id: ColumnId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000004")),
                name: "Doing".to_owned(),
                color: Color::Lake,
            }),
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
            "board": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000001", "name": "Spring catalogue" },
            "column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000002", "name": "In review", "color": "ochre" },
            "to_column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000004", "name": "Doing", "color": "lake" },
        });
        assert_eq!(ColumnRemoved::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = ColumnRemoved::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn removed the column In review and moved its cards to Doing");
    }

    #[test]
    fn an_empty_column_is_removed_from_its_board() {
        let event = ColumnRemoved { to_column: None, ..ColumnRemoved::example() };
        let text = event.sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn removed the column In review from Spring catalogue");
    }
}
