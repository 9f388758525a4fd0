//! What the account keeps and shows of what its people open is another.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
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
    pub receipts: Receipts,
    /// What is kept of network addresses.
    pub addresses: Addresses,
    /// For how many days reports are kept.
    pub days: TrackingDays,
}

/// Whether it is shown who has seen a board or a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Receipts {
    /// To everybody who sees the board.
    Shown,
    /// To nobody.
    Hidden,
}

/// What is kept of the network addresses that reports come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Addresses {
    /// The network that they are of.
    Shortened,
    /// Nothing.
    Dropped,
}

impl Receipts {
    fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Hidden => "hidden",
        }
    }
}

impl Addresses {
    fn as_str(self) -> &'static str {
        match self {
            Self::Shortened => "shortened",
            Self::Dropped => "dropped",
        }
    }
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

    fn changes(&self) -> Vec<Change> {
        let (old, new) = (self.old, self.new);
        let receipts =
            Change::between("who has seen what", old.receipts.as_str(), new.receipts.as_str());
        let addresses =
            Change::between("addresses", old.addresses.as_str(), new.addresses.as_str());
        let days = Change::between("days kept", &old.days.get(), &new.days.get());
        [receipts, addresses, days].into_iter().flatten().collect()
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
        "insert into account_tracking_changed (account_id, id, old_receipts, new_receipts,
             old_addresses, new_addresses, old_days, new_days, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.old.receipts as _,
        event.new.receipts as _,
        event.old.addresses as _,
        event.new.addresses as _,
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
        r#"select id as "id: EventId", old_receipts as "old_receipts: Receipts",
               new_receipts as "new_receipts: Receipts", old_addresses as "old_addresses: Addresses",
               new_addresses as "new_addresses: Addresses", old_days as "old_days: TrackingDays",
               new_days as "new_days: TrackingDays"
           from account_tracking_changed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let (receipts, addresses, days) = (row.old_receipts, row.old_addresses, row.old_days);
        let old = Recorded { receipts, addresses, days };
        let (receipts, addresses, days) = (row.new_receipts, row.new_addresses, row.new_days);
        let new = Recorded { receipts, addresses, days };
        let event: Arc<dyn Event> = Arc::new(AccountTrackingChanged { old, new });
        (row.id, event)
    });
    Ok(events.collect())
}

impl AccountTrackingChanged {
    /// What is otherwise now, in a few words each.
    fn words(&self) -> Vec<String> {
        let (old, new) = (self.old, self.new);
        let receipts = (old.receipts != new.receipts).then(|| match new.receipts {
            Receipts::Shown => "who has seen what is shown".to_owned(),
            Receipts::Hidden => "who has seen what is no longer shown".to_owned(),
        });
        let addresses = (old.addresses != new.addresses).then(|| match new.addresses {
            Addresses::Shortened => "shortened addresses are kept".to_owned(),
            Addresses::Dropped => "no addresses are kept".to_owned(),
        });
        let days = (old.days != new.days).then(|| format!("kept for {} days", new.days.get()));
        [receipts, addresses, days].into_iter().flatten().collect()
    }

    fn example() -> Self {
        let (receipts, addresses) = (Receipts::Hidden, Addresses::Dropped);
        let old = Recorded { receipts, addresses, days: TrackingDays::default() };
        Self { old, new: Recorded { receipts: Receipts::Shown, ..old } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({
            "old": { "receipts": "hidden", "addresses": "dropped", "days": 90 },
            "new": { "receipts": "shown", "addresses": "dropped", "days": 90 },
        });
        assert_eq!(AccountTrackingChanged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = AccountTrackingChanged::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn changed what is recorded of visits: who has seen what is shown");
    }
}
