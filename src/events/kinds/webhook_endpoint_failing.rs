//! A webhook endpoint stopped answering as it should.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;

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
    name: "webhook_endpoint_failing",
    label: "Endpoint failing",
    icon: "triangle-alert",
    color: Color::Ochre,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookEndpointFailing::example()),
    schema: schema::of::<WebhookEndpointFailing>,
};

/// One try after another failed; Cairn itself says so, once until one succeeds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookEndpointFailing {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
    /// How many tries in a row had failed.
    pub failures: i32,
    /// When the first of them failed.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

impl Event for WebhookEndpointFailing {
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
        Sentence::of([
            Part::Words("found the webhook endpoint"),
            (&self.endpoint).into(),
            Part::Words("failing:"),
            Part::Text(self.failures.to_string()),
            Part::Words("tries in a row"),
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
    event: &WebhookEndpointFailing,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_endpoint_failing (account_id, id, endpoint_id, url, failures, since, salt,
             digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        event.failures,
        event.since,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url, failures,
               since
           from webhook_endpoint_failing where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookEndpointFailing {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            failures: row.failures,
            since: row.since,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookEndpointFailing {
    fn example() -> Self {
        Self {
            endpoint: EndpointSnapshot::example(),
            failures: 5,
            since: datetime!(2026-11-23 14:32:08 UTC),
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
            "failures": 5,
            "since": "2026-11-23T14:32:08Z",
        });
        assert_eq!(WebhookEndpointFailing::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookEndpointFailing::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn found the webhook endpoint https://hooks.kiln-press.example/cairn failing: 5 tries in a row"
        );
    }
}
