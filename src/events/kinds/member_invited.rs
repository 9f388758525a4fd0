//! Somebody was invited; the address stands in the invitation alone.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema};
use crate::values::id::{AccountId, EventId, InvitationId};
use crate::values::{Color, Role};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "member_invited",
    label: "Member invited",
    icon: "user-plus",
    color: Color::Clay,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberInvited::example()),
    schema: schema::of::<MemberInvited>,
};

/// Somebody invited a person to the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberInvited {
    /// The invitation, which alone knows the address.
    pub invitation_id: InvitationId,
    /// What they will be.
    pub role: Role,
}

impl Event for MemberInvited {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        let invited = self.role.with_article().to_owned();
        Sentence::of([Part::Words("invited"), Part::Text(invited)])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Members]
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
    event: &MemberInvited,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into member_invited (account_id, id, invitation_id, role, created_at)
         values ($1, $2, $3, $4, $5)",
        header.account_id as _,
        header.id as _,
        event.invitation_id as _,
        event.role as _,
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
        r#"select id as "id: EventId", invitation_id as "invitation_id: InvitationId", role as
               "role: Role"
           from member_invited where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(MemberInvited { invitation_id: row.invitation_id, role: row.role });
        (row.id, event)
    });
    Ok(events.collect())
}

impl MemberInvited {
    fn example() -> Self {
        Self {
            invitation_id: InvitationId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000006")),
            role: Role::Member,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({ "invitation_id": "0192d2f0-c5d4-7a0e-8b1e-000000000006", "role": "member" });
        assert_eq!(MemberInvited::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberInvited::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn invited a member");
    }
}
