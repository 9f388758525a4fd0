//! A member was given another role.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::{
    AccountAsItWas, Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema,
};
use crate::values::id::{AccountId, EventId, UserId};
use crate::values::{Color, Role};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "member_role_changed",
    label: "Member’s role changed",
    icon: "shield",
    color: Color::Heather,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberRoleChanged::example()),
    schema: schema::of::<MemberRoleChanged>,
};

/// Somebody gave a member another role.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberRoleChanged {
    /// Who they are in this account.
    pub user_id: UserId,
    /// What they were.
    pub old_role: Role,
    /// What they are since.
    pub new_role: Role,
}

impl Event for MemberRoleChanged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("made"),
            Part::Person(self.user_id),
            Part::Text(self.new_role.with_article().to_owned()),
        ])
    }

    fn changes(&self) -> Vec<Change> {
        let (old, new) = (self.old_role.as_str(), self.new_role.as_str());
        Change::between("role", old, new).into_iter().collect()
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Members]
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        if let Some(member) = account.members.get_mut(&self.user_id) {
            member.role = self.new_role;
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
    event: &MemberRoleChanged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into member_role_changed (account_id, id, user_id, old_role, new_role, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        header.account_id as _,
        header.id as _,
        event.user_id as _,
        event.old_role as _,
        event.new_role as _,
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
        r#"select id as "id: EventId", user_id as "user_id: UserId", old_role as "old_role: Role", new_role as "new_role: Role"
           from member_role_changed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(MemberRoleChanged {
            user_id: row.user_id,
            old_role: row.old_role,
            new_role: row.new_role,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl MemberRoleChanged {
    fn example() -> Self {
        Self {
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
            old_role: Role::Member,
            new_role: Role::Admin,
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
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
            "old_role": "member",
            "new_role": "admin",
        });
        assert_eq!(MemberRoleChanged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberRoleChanged::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn made A former member an admin");
    }
}
