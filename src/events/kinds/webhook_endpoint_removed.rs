//! A webhook endpoint was removed.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    AccountAsItWas, EndpointSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_endpoint_removed",
    label: "Endpoint removed",
    icon: "trash",
    color: Color::Stone,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookEndpointRemoved::example()),
    schema: schema::of::<WebhookEndpointRemoved>,
};

/// An admin removed a webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookEndpointRemoved {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
}

impl Event for WebhookEndpointRemoved {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("removed the webhook endpoint"), (&self.endpoint).into()])
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.endpoints.remove(&self.endpoint.id);
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
    event: &WebhookEndpointRemoved,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_endpoint_removed (account_id, id, endpoint_id, url, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url
           from webhook_endpoint_removed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookEndpointRemoved {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookEndpointRemoved {
    fn example() -> Self {
        Self { endpoint: EndpointSnapshot::example() }
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
        });
        assert_eq!(WebhookEndpointRemoved::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookEndpointRemoved::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn removed the webhook endpoint https://hooks.kiln-press.example/cairn"
        );
    }
}
