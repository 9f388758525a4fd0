//! Somebody's visits go with their data.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::own;
use crate::events::{AccountRef, Consequence, Owed, Pending};

/// The consequence that erases what is recorded of a person's visits when their data is erased.
#[derive(Debug, Clone, Copy)]
pub struct Forgetting;

impl Consequence for Forgetting {
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>> {
        Box::pin(async move {
            for (user, _) in events.iter().filter_map(|pending| pending.event.erases()) {
                own::erase_of(connection, account.id, user).await?;
            }
            Ok(None)
        })
    }
}
