//! Somebody gave a wrong password for a member.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId, UserId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "session_refused",
    label: "Sign-in refused",
    icon: "shield-alert",
    color: Color::Rowan,
    shows: Shows::AUDIT_ONLY,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(SessionRefused::example()),
    schema: schema::of::<SessionRefused>,
};

/// A sign-in in a member’s name was refused: the password was wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct SessionRefused {
    /// The member whose address was given; who it was that tried, nobody knows.
    pub user_id: UserId,
}

impl Event for SessionRefused {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("refused a sign-in as"), Part::Person(self.user_id)])
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
    event: &SessionRefused,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into session_refused (account_id, id, user_id, created_at)
         values ($1, $2, $3, $4)",
        header.account_id as _,
        header.id as _,
        event.user_id as _,
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
        r#"select id as "id: EventId", user_id as "user_id: UserId"
           from session_refused where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(SessionRefused { user_id: row.user_id });
        (row.id, event)
    });
    Ok(events.collect())
}

impl SessionRefused {
    fn example() -> Self {
        Self { user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
        });
        assert_eq!(SessionRefused::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = SessionRefused::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn refused a sign-in as A former member");
    }
}
