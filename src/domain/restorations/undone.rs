//! What was undone by what.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::Result;
use crate::events::Header;
use crate::values::id::{AccountId, EventId};

/// An activity: its number, and its id.
type Named = (i64, EventId);

/// Of some activities, which were undone by which, and which undid which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// What undid an activity, by that one’s id.
    pub by: HashMap<EventId, Named>,
    /// The number of what an activity undid, by the id of what was undone.
    pub numbers: HashMap<EventId, i64>,
}

impl Undone {
    /// What some headers say, in one query.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn of(
        connection: &mut PgConnection,
        account: AccountId,
        headers: impl Iterator<Item = &Header> + Clone,
    ) -> Result<Self> {
        let ids: Vec<EventId> = headers.clone().map(|header| header.id).collect();
        let undone: Vec<EventId> = headers.filter_map(|header| header.undoes_id).collect();
        let rows = sqlx::query!(
            r#"select sequence as "sequence!", id as "id!: EventId", undoes_id as "undoes_id: EventId"
               from activities where account_id = $1 and undoes_id = any($2)
               union all
               select sequence, id, null from activities where account_id = $1 and id = any($3)"#,
            account as _,
            &ids as _,
            &undone as _,
        );
        let mut found = Self::default();
        for row in rows.fetch_all(connection).await? {
            match row.undoes_id {
                Some(undone) => drop(found.by.insert(undone, (row.sequence, row.id))),
                None => drop(found.numbers.insert(row.id, row.sequence)),
            }
        }
        Ok(found)
    }
}
