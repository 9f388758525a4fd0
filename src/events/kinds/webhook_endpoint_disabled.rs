//! A webhook endpoint was switched off, and what is owed to it is held.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, EndpointSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_endpoint_disabled",
    label: "Endpoint disabled",
    icon: "pause",
    color: Color::Rowan,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookEndpointDisabled::example()),
    schema: schema::of::<WebhookEndpointDisabled>,
};

/// Why an endpoint is not called any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = DisablementReason)]
pub enum Reason {
    /// It failed for days, without one success.
    Failing,
    /// It answered 410 (Gone).
    Gone,
}

/// Cairn switched a webhook endpoint off, since calling it was of no use.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookEndpointDisabled {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
    /// Why.
    pub reason: Reason,
}

impl Event for WebhookEndpointDisabled {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn audience(&self) -> Audience {
        Audience::Admins(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        let because = match self.reason {
            Reason::Failing => "after it had failed for days",
            Reason::Gone => "because it answered that it is gone",
        };
        Sentence::of([
            Part::Words("switched off the webhook endpoint"),
            (&self.endpoint).into(),
            Part::Words(because),
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
    event: &WebhookEndpointDisabled,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_endpoint_disabled (account_id, id, endpoint_id, url, reason, salt, digest,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        event.reason as _,
        texts.salt,
        texts.digest,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url, reason as
               "reason: Reason"
           from webhook_endpoint_disabled where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookEndpointDisabled {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            reason: row.reason,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookEndpointDisabled {
    fn example() -> Self {
        Self { endpoint: EndpointSnapshot::example(), reason: Reason::Gone }
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
            "reason": "gone",
        });
        assert_eq!(WebhookEndpointDisabled::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookEndpointDisabled::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn switched off the webhook endpoint https://hooks.kiln-press.example/cairn because it answered that it is gone"
        );
    }
}
