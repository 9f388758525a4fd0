//! The mark that a request with an idempotency key has made its change.

use sqlx::PgConnection;

use super::Creator;
use crate::values::clock;

/// Marks the request that a change is made for, in the change's own transaction: whatever becomes
/// of its process and its answer, it is not run again. Changes that record an event do this by
/// themselves.
///
/// # Errors
/// A database that fails, or a request that took so long that another one took its key over; the
/// change must not be made then.
pub async fn mark(connection: &mut PgConnection, creator: &Creator) -> sqlx::Result<()> {
    let Some(request) = creator.idempotency_key_id else { return Ok(()) };
    let marked = sqlx::query!(
        "update idempotency_keys set carried_out_at = $3 where account_id = $1 and id = $2",
        creator.account.id as _,
        request as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    match marked.rows_affected() {
        0 => Err(sqlx::Error::Protocol("another request took the idempotency key over".into())),
        _ => Ok(()),
    }
}
