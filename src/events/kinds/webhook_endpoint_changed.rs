//! A webhook endpoint changed: what each attribute was and became.

use std::collections::{BTreeMap, HashMap};
use std::iter;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    AccountAsItWas, EndpointSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_endpoint_changed",
    label: "Endpoint changed",
    icon: "pencil",
    color: Color::Ochre,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookEndpointChanged::example()),
    schema: schema::of::<WebhookEndpointChanged>,
};

/// The attributes of an endpoint that can be edited, in the order in which they are told.
const ATTRIBUTES: &[&str] =
    &["url", "format", "events", "board_ids", "signature", "headers", "rate_limit"];

/// What attributes were and became; several values are separated by a comma and a space.
pub type Changes = BTreeMap<&'static str, (String, String)>;

/// An admin edited a webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookEndpointChanged {
    /// The endpoint, with its new address.
    pub endpoint: EndpointSnapshot,
    /// What each attribute was and became.
    #[schema(value_type = BTreeMap<String, [String; 2]>)]
    pub changes: Changes,
}

impl Event for WebhookEndpointChanged {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        let changes = ATTRIBUTES.iter().filter_map(|attribute| {
            let (old, new) = self.changes.get(attribute)?;
            Some(told(attribute, old, new))
        });
        Sentence::of([Part::Words("changed the webhook endpoint"), (&self.endpoint).into()])
            .with_changes(changes.collect())
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.endpoints.insert(self.endpoint.id, self.endpoint.url.clone());
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

/// A change in words: of boards their number is told, since their ids say nothing to a reader.
fn told(attribute: &str, old: &str, new: &str) -> Change {
    let told = match attribute {
        "board_ids" => {
            ["boards", &number_of_boards(old), &number_of_boards(new)].map(str::to_owned)
        }
        "rate_limit" => {
            let calls = |text: &str| if text.is_empty() { "none" } else { text }.to_owned();
            ["calls a second".to_owned(), calls(old), calls(new)]
        }
        "headers" => {
            let names = |text: &str| if text.is_empty() { "none" } else { text }.to_owned();
            ["headers".to_owned(), names(old), names(new)]
        }
        _ => [attribute, old, new].map(str::to_owned),
    };
    let [attribute, old, new] = told;
    Change { attribute, old, new }
}

fn number_of_boards(ids: &str) -> String {
    match ids.split(", ").filter(|id| !id.is_empty()).count() {
        0 => "all".to_owned(),
        count => count.to_string(),
    }
}

async fn insert(
    event: &WebhookEndpointChanged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let changed = event.changes.values().flat_map(|(old, new)| [old.as_str(), new.as_str()]);
    let all: Vec<&str> = iter::once(event.endpoint.url.as_str()).chain(changed).collect();
    let texts = Texts::over(&all);
    sqlx::query!(
        "insert into webhook_endpoint_changed (account_id, id, endpoint_id, url, salt, digest,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        texts.salt,
        texts.digest,
        header.created_at,
    )
    .execute(&mut *connection)
    .await?;
    insert_changes(event, connection, header).await
}

async fn insert_changes(
    event: &WebhookEndpointChanged,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let attributes: Vec<&str> = event.changes.keys().copied().collect();
    let (old, new): (Vec<&str>, Vec<&str>) =
        event.changes.values().map(|(old, new)| (old.as_str(), new.as_str())).unzip();
    sqlx::query!(
        "insert into webhook_endpoint_changed_changes (account_id, event_id, attribute, old, new,
             created_at)
         select $1, $2, change.*, $6 from unnest($3::text[], $4::text[], $5::text[]) as change",
        header.account_id as _,
        header.id as _,
        &attributes as _,
        &old as _,
        &new as _,
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
    let mut changes = load_changes(connection, account, ids).await?;
    let rows = sqlx::query!(
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url
           from webhook_endpoint_changed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookEndpointChanged {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            changes: changes.remove(&row.id).unwrap_or_default(),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

async fn load_changes(
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[EventId],
) -> sqlx::Result<HashMap<EventId, Changes>> {
    let rows = sqlx::query!(
        r#"select event_id as "event_id: EventId", attribute, old, new
           from webhook_endpoint_changed_changes where account_id = $1 and event_id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let mut changes: HashMap<EventId, Changes> = HashMap::new();
    for row in rows {
        if let Some(attribute) = ATTRIBUTES.iter().find(|known| **known == row.attribute) {
            let change = (kept(row.old), kept(row.new));
            changes.entry(row.event_id).or_default().insert(attribute, change);
        }
    }
    Ok(changes)
}

impl WebhookEndpointChanged {
    fn example() -> Self {
        Self {
            endpoint: EndpointSnapshot::example(),
            changes: Changes::from([
                (
                    "url",
                    (
                        "https://kiln-press.example/in".to_owned(),
                        "https://hooks.kiln-press.example/cairn".to_owned(),
                    ),
                ),
                ("events", ("*".to_owned(), "card.*, comment.*".to_owned())),
                ("board_ids", (String::new(), "0192d2f0-c5d4-7a0e-8b1e-000000000001".to_owned())),
            ]),
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
            "endpoint": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000007", "url": "https://hooks.kiln-press.example/cairn" },
            "changes": {
                "board_ids": ["", "0192d2f0-c5d4-7a0e-8b1e-000000000001"],
                "events": ["*", "card.*, comment.*"],
                "url": ["https://kiln-press.example/in", "https://hooks.kiln-press.example/cairn"],
            },
        });
        assert_eq!(WebhookEndpointChanged::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookEndpointChanged::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn changed the webhook endpoint https://hooks.kiln-press.example/cairn: \
             url: https://kiln-press.example/in → https://hooks.kiln-press.example/cairn, \
             events: * → card.*, comment.*, boards: all → 1"
        );
    }
}
