//! Rows of typed tables that no activity points at.

use std::sync::Arc;

use sqlx::PgPool;
use uuid::Uuid;

use super::findings::Finding;
use super::tables::{Table, Tables};
use crate::values::id::AccountId;

/// How many of a table are named.
const NAMED: i64 = 10;

/// The rows of an account in the tables of the kinds that no activity of their kind points at, some of
/// each table. A row and its activity are committed together, so there is none in between.
pub(super) async fn strays(
    pool: &PgPool,
    tables: &Arc<Tables>,
    account: AccountId,
) -> sqlx::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for of_kind in tables.iter() {
        for table in [Some(&of_kind.rows), of_kind.details.as_ref()].into_iter().flatten() {
            let ids = of_table(pool, table, &of_kind.rows.name, account).await?;
            findings.extend(ids.into_iter().map(|id| {
                let table = table.name.clone();
                Finding::RowInserted { table, id }
            }));
        }
    }
    Ok(findings)
}

async fn of_table(
    pool: &PgPool,
    table: &Table,
    kind: &str,
    account: AccountId,
) -> sqlx::Result<Vec<Uuid>> {
    // The names are those of the catalogue and of the kinds, never somebody’s words.
    let Table { name, id, .. } = table;
    let select = format!(
        "select distinct {id} from {name} stray where account_id = $1 and not exists (
             select from activities activity
             where activity.account_id = $1 and activity.id = stray.{id} and activity.subject_type = $2)
         order by 1 limit $3"
    );
    sqlx::query_scalar(&select).bind(account).bind(kind).bind(NAMED).fetch_all(pool).await
}
