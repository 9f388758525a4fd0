//! What the account keeps and shows of what its people open is another.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::id::{AccountId, EventId};
use crate::values::{Color, TrackingDays};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "account_tracking_changed",
    label: "What is recorded of visits changed",
    icon: "eye",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(AccountTrackingChanged::example()),
    schema: schema::of::<AccountTrackingChanged>,
};

/// Somebody chose otherwise what the account keeps and shows of what its people open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountTrackingChanged {
    /// What held before.
    pub old: Recorded,
    /// What holds since.
    pub new: Recorded,
}

/// What an account keeps and shows of what its people open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Recorded {
    /// Whether it is shown who has seen a board or a card.
    pub shows_receipts: bool,
    /// Whether reports keep a shortened network address.
    pub keeps_addresses: bool,
    /// For how many days reports are kept.
    pub days: TrackingDays,
}

impl Event for AccountTrackingChanged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("changed what is recorded of visits:"),
            Part::Text(self.words().join(", ")),
        ])
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
    event: &AccountTrackingChanged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into account_tracking_changed (account_id, id, old_shows_receipts,
             new_shows_receipts, old_keeps_addresses, new_keeps_addresses, old_days, new_days,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.old.shows_receipts,
        event.new.shows_receipts,
        event.old.keeps_addresses,
        event.new.keeps_addresses,
        event.old.days as _,
        event.new.days as _,
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
        r#"select id as "id: EventId", old_shows_receipts, new_shows_receipts, old_keeps_addresses,
               new_keeps_addresses, old_days as "old_days: TrackingDays",
               new_days as "new_days: TrackingDays"
           from account_tracking_changed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let old = Recorded {
            shows_receipts: row.old_shows_receipts,
            keeps_addresses: row.old_keeps_addresses,
            days: row.old_days,
        };
        let new = Recorded {
            shows_receipts: row.new_shows_receipts,
            keeps_addresses: row.new_keeps_addresses,
            days: row.new_days,
        };
        let event: Arc<dyn Event> = Arc::new(AccountTrackingChanged { old, new });
        (row.id, event)
    });
    Ok(events.collect())
}

impl AccountTrackingChanged {
    /// What is otherwise now, in a few words each.
    fn words(&self) -> Vec<String> {
        let (old, new) = (self.old, self.new);
        let receipts = (old.shows_receipts != new.shows_receipts).then(|| {
            let words = if new.shows_receipts { "shown" } else { "no longer shown" };
            format!("who has seen what is {words}")
        });
        let addresses = (old.keeps_addresses != new.keeps_addresses).then(|| {
            let words = if new.keeps_addresses { "kept" } else { "no longer kept" };
            format!("shortened addresses are {words}")
        });
        let days = (old.days != new.days).then(|| format!("kept for {} days", new.days.get()));
        [receipts, addresses, days].into_iter().flatten().collect()
    }

    fn example() -> Self {
        let old = Recorded {
            shows_receipts: false,
            keeps_addresses: false,
            days: TrackingDays::default(),
        };
        Self { old, new: Recorded { shows_receipts: true, ..old } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({
            "old": { "shows_receipts": false, "keeps_addresses": false, "days": 90 },
            "new": { "shows_receipts": true, "keeps_addresses": false, "days": 90 },
        });
        assert_eq!(AccountTrackingChanged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = AccountTrackingChanged::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn changed what is recorded of visits: who has seen what is shown");
    }
}
