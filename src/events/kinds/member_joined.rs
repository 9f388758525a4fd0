//! Somebody became a member.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::account_as_it_was::MemberAsTheyWere;
use crate::events::kind::Loaded;
use crate::events::{
    AccountAsItWas, Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema,
};
use crate::values::id::{AccountId, EventId, UserId};
use crate::values::{Color, Role};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "member_joined",
    label: "Member joined",
    icon: "user-check",
    color: Color::Heather,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberJoined::example()),
    schema: schema::of::<MemberJoined>,
};

/// A person joined the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberJoined {
    /// Who they are in this account.
    pub user_id: UserId,
    /// What they are.
    pub role: Role,
}

impl Event for MemberJoined {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        let role = match self.role {
            Role::Member => "joined as a member",
            Role::Admin => "joined as an admin",
            Role::Owner => "joined as an owner",
        };
        Sentence::of([Part::Words(role)])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Members]
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        let member = MemberAsTheyWere { role: self.role, is_present: true };
        account.members.insert(self.user_id, member);
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
    event: &MemberJoined,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into member_joined (account_id, id, user_id, role, created_at)
         values ($1, $2, $3, $4, $5)",
        header.account_id as _,
        header.id as _,
        event.user_id as _,
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
        r#"select id as "id: EventId", user_id as "user_id: UserId", role as "role: Role"
           from member_joined where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(MemberJoined { user_id: row.user_id, role: row.role });
        (row.id, event)
    });
    Ok(events.collect())
}

impl MemberJoined {
    fn example() -> Self {
        Self {
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
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
        let expected = serde_json::json!({ "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007", "role": "member" });
        assert_eq!(MemberJoined::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberJoined::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn joined as a member");
    }
}
