//! The account’s days begin in another time zone.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::{AccountAsItWas, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::id::{AccountId, EventId};
use crate::values::{Color, Zone};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "account_time_zone_changed",
    label: "Account’s time zone changed",
    icon: "globe",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(AccountTimeZoneChanged::example()),
    schema: schema::of::<AccountTimeZoneChanged>,
};

/// Somebody chose another time zone for the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountTimeZoneChanged {
    /// The zone before.
    pub old_zone: Zone,
    /// The zone since.
    pub new_zone: Zone,
}

impl Event for AccountTimeZoneChanged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("changed the account’s time zone from"),
            Part::Text(self.old_zone.to_string()),
            Part::Words("to"),
            Part::Text(self.new_zone.to_string()),
        ])
    }

    fn changes(&self) -> Vec<Change> {
        Change::between("time zone", &self.old_zone, &self.new_zone).into_iter().collect()
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.zone = Some(self.new_zone.clone());
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
    event: &AccountTimeZoneChanged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into account_time_zone_changed (account_id, id, old_zone, new_zone, created_at)
         values ($1, $2, $3, $4, $5)",
        header.account_id as _,
        header.id as _,
        event.old_zone as _,
        event.new_zone as _,
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
        r#"select id as "id: EventId", old_zone as "old_zone: Zone", new_zone as "new_zone: Zone"
           from account_time_zone_changed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(AccountTimeZoneChanged { old_zone: row.old_zone, new_zone: row.new_zone });
        (row.id, event)
    });
    Ok(events.collect())
}

impl AccountTimeZoneChanged {
    fn example() -> Self {
        Self {
            old_zone: Zone::utc(),
            new_zone: Zone::parse("Europe/Zurich").unwrap_or_else(|_| Zone::utc()),
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
            "old_zone": "UTC",
            "new_zone": "Europe/Zurich",
        });
        assert_eq!(AccountTimeZoneChanged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = AccountTimeZoneChanged::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn changed the account’s time zone from UTC to Europe/Zurich");
    }
}
