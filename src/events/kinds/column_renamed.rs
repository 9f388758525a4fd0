//! A column was given another name, another colour, or both.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
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
    name: "column_renamed",
    label: "Column renamed",
    icon: "pencil",
    color: Color::Ochre,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(ColumnRenamed::example()),
    schema: schema::of::<ColumnRenamed>,
};

/// Somebody gave a column another name, another colour, or both.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColumnRenamed {
    /// The board.
    pub board: BoardSnapshot,
    /// The column, as it is called from now on.
    pub column: ColumnSnapshot,
    /// What it was called before.
    pub old_name: String,
    /// The colour it had before.
    pub old_color: Color,
}

impl Event for ColumnRenamed {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::board(self.board.id)
    }

    fn sentence(&self) -> Sentence {
        let (column, board) = ((&self.column).into(), (&self.board).into());
        if self.old_name == self.column.name {
            let words = Part::Words("changed the colour of the column");
            return Sentence::of([words, column, Part::Words("on"), board]);
        }
        let old = Part::Column { name: self.old_name.clone(), color: self.old_color };
        let words = [Part::Words("renamed the column"), old, Part::Words("to"), column];
        Sentence::of(words.into_iter().chain([Part::Words("on"), board]))
    }

    fn changes(&self) -> Vec<Change> {
        let name = Change::between("name", &self.old_name, &self.column.name);
        let color = Change::between("colour", &self.old_color, &self.column.color);
        name.into_iter().chain(color).collect()
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Columns(self.board.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(column) = board.columns.get_mut(&self.column.id) {
            column.name.clone_from(&self.column.name);
            column.color = self.column.color;
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
    event: &ColumnRenamed,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.board.name, &event.old_name, &event.column.name]);
    sqlx::query!(
        "insert into column_renamed (account_id, id, board_id, column_id, board_name, old_name,
         old_color, name, color, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board.id as _,
        event.column.id as _,
        event.board.name,
        event.old_name,
        event.old_color as _,
        event.column.name,
        event.column.color as _,
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
               "column_id: ColumnId", board_name, old_name, old_color as "old_color: Color", name,
               color as "color: Color"
           from column_renamed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(ColumnRenamed {
            board: BoardSnapshot { id: row.board_id, name: kept(row.board_name) },
            column: ColumnSnapshot { id: row.column_id, name: kept(row.name), color: row.color },
            old_name: kept(row.old_name),
            old_color: row.old_color,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl ColumnRenamed {
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
            old_name: "Review".to_owned(),
            old_color: Color::Stone,
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
            "old_name": "Review",
            "old_color": "stone",
        });
        assert_eq!(ColumnRenamed::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = ColumnRenamed::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn renamed the column Review to In review on Spring catalogue");
    }

    #[test]
    fn a_change_of_colour_alone_is_told_as_one() {
        let event = ColumnRenamed { old_name: "In review".to_owned(), ..ColumnRenamed::example() };
        let text = event.sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn changed the colour of the column In review on Spring catalogue");
    }
}
