//! A board gained a column.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::board_as_it_was::ColumnAsItWas;
use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    BoardAsItWas, BoardSnapshot, ColumnSnapshot, Event, Header, Kind, Part, Place, Region,
    Sentence, Shows, schema,
};
use crate::values::id::{AccountId, BoardId, ColumnId, EventId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "column_added",
    label: "Column added",
    icon: "columns-3",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(ColumnAdded::example()),
    schema: schema::of::<ColumnAdded>,
};

/// Somebody added a column to a board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColumnAdded {
    /// The board.
    pub board: BoardSnapshot,
    /// The column.
    pub column: ColumnSnapshot,
    /// Its place among the columns.
    #[serde(skip)]
    pub rank: Rank,
}

impl Event for ColumnAdded {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let (column, board) = ((&self.column).into(), (&self.board).into());
        Sentence::of([Part::Words("added the column"), column, Part::Words("to"), board])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Columns(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        let ColumnSnapshot { id, name, color } = self.column.clone();
        board.columns.insert(id, ColumnAsItWas { name, color, rank: self.rank.clone() });
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
    event: &ColumnAdded,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name, &event.column.name]);
    sqlx::query!(
        "insert into column_added (account_id, id, board_id, column_id, board_name, name,
         color, rank, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.column.id as _,
        event.board.name,
        event.column.name,
        event.column.color as _,
        event.rank.as_str(),
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
               "column_id: ColumnId", board_name, name, color as "color: Color", rank as
               "rank: Rank"
           from column_added where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(ColumnAdded {
            board: BoardSnapshot { id: row.board_id, name: kept(row.board_name) },
            column: ColumnSnapshot { id: row.column_id, name: kept(row.name), color: row.color },
            rank: row.rank,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl ColumnAdded {
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
            "board": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000001", "name": "Spring catalogue" },
            "column": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000002", "name": "In review", "color": "ochre" },
        });
        assert_eq!(ColumnAdded::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = ColumnAdded::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn added the column In review to Spring catalogue");
    }
}
