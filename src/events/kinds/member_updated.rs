//! A member changed their own name or time zone; neither is kept, so that a person can be erased.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId, UserId};

/// What all of its events share.
///
/// Audit and webhooks have it, so that whoever keeps a copy of the members knows to read it anew;
/// to a feed it would say that a name changed, and not which.
pub static KIND: Kind = Kind {
    name: "member_updated",
    label: "Member updated",
    icon: "user-pen",
    color: Color::Slate,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberUpdated::example()),
    schema: schema::of::<MemberUpdated>,
};

/// A member changed something about themselves.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberUpdated {
    /// Who they are in this account.
    pub user_id: UserId,
    /// What they changed, in the order of the form.
    pub attributes: Vec<Attribute>,
}

/// Something about a member that they change themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// What they are called.
    Name,
    /// Where their days begin.
    TimeZone,
}

impl Attribute {
    const ALL: [Self; 2] = [Self::Name, Self::TimeZone];

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::TimeZone => "time_zone",
        }
    }
}

impl Event for MemberUpdated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        let words = match self.attributes.as_slice() {
            [Attribute::Name] => "changed their name",
            [Attribute::TimeZone] => "changed their time zone",
            _ => "changed their name and their time zone",
        };
        Sentence::of([Part::Words(words)])
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
    event: &MemberUpdated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let attributes: Vec<&str> = event.attributes.iter().map(|a| a.as_str()).collect();
    sqlx::query!(
        "insert into member_updated (account_id, id, user_id, attributes, created_at)
         values ($1, $2, $3, $4, $5)",
        header.account_id as _,
        header.id as _,
        event.user_id as _,
        &attributes as _,
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
        r#"select id as "id: EventId", user_id as "user_id: UserId", attributes
           from member_updated where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(MemberUpdated { user_id: row.user_id, attributes: known(&row.attributes) });
        (row.id, event)
    });
    Ok(events.collect())
}

/// The attributes of these names; a newer version of Cairn may have written others too.
fn known(names: &[String]) -> Vec<Attribute> {
    Attribute::ALL.into_iter().filter(|known| names.iter().any(|n| n == known.as_str())).collect()
}

impl MemberUpdated {
    fn example() -> Self {
        Self {
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
            attributes: vec![Attribute::Name, Attribute::TimeZone],
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
            "attributes": ["name", "time_zone"],
        });
        assert_eq!(MemberUpdated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberUpdated::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn changed their name and their time zone");
    }
}
