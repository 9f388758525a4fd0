//! A column took another place on its board.

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
use crate::values::id::{AccountId, BoardId, ColumnId, EventId};
use crate::values::{Color, Rank};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "column_moved",
    label: "Column moved",
    icon: "move-horizontal",
    color: Color::Slate,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(ColumnMoved::example()),
    schema: schema::of::<ColumnMoved>,
};

/// Somebody put a column elsewhere on its board.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColumnMoved {
    /// The board.
    pub board: BoardSnapshot,
    /// The column.
    pub column: ColumnSnapshot,
    /// Its place among the columns, counted from zero.
    pub position: i32,
    /// What sorts it there.
    #[serde(skip)]
    pub rank: Rank,
}

impl Event for ColumnMoved {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let (column, board) = ((&self.column).into(), (&self.board).into());
        Sentence::of([Part::Words("moved the column"), column, Part::Words("on"), board])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Columns(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(column) = board.columns.get_mut(&self.column.id) {
            column.rank = self.rank.clone();
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
    event: &ColumnMoved,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name, &event.column.name]);
    sqlx::query!(
        "insert into column_moved (account_id, id, board_id, column_id, board_name, name,
         color, rank, position, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.column.id as _,
        event.board.name,
        event.column.name,
        event.column.color as _,
        event.rank.as_str(),
        event.position,
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
               "rank: Rank", position
           from column_moved where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(ColumnMoved {
            board: BoardSnapshot { id: row.board_id, name: kept(row.board_name) },
            column: ColumnSnapshot { id: row.column_id, name: kept(row.name), color: row.color },
            position: row.position,
            rank: row.rank,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl ColumnMoved {
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
            position: 2,
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
            "position": 2,
        });
        assert_eq!(ColumnMoved::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = ColumnMoved::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn moved the column In review on Spring catalogue");
    }
}
