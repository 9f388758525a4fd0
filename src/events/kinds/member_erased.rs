//! What was kept of somebody who was a member is erased.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId, UserId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "member_erased",
    label: "Member erased",
    icon: "eraser",
    color: Color::Rowan,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberErased::example()),
    schema: schema::of::<MemberErased>,
};

/// The data of a former member was erased: their name, and what they wrote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberErased {
    /// Who they were in this account; that they did something stays.
    pub user_id: UserId,
    /// The events whose words went, for what keeps copies of them; not known once it is read back.
    #[serde(skip)]
    pub events: Vec<EventId>,
}

impl Event for MemberErased {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("erased the data of"), Part::Person(self.user_id)])
    }

    /// Their words stood on any board.
    fn touches(&self) -> Vec<Region> {
        vec![Region::Members, Region::Sight(None)]
    }

    fn erases(&self) -> Option<(UserId, &[EventId])> {
        Some((self.user_id, &self.events))
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
    event: &MemberErased,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into member_erased (account_id, id, user_id, created_at) values ($1, $2, $3, $4)",
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
           from member_erased where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(MemberErased { user_id: row.user_id, events: Vec::new() });
        (row.id, event)
    });
    Ok(events.collect())
}

impl MemberErased {
    fn example() -> Self {
        let user_id = UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007"));
        Self { user_id, events: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({ "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007" });
        assert_eq!(MemberErased::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberErased::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn erased the data of A former member");
    }
}
