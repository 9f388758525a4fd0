//! A webhook endpoint was given a new secret.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{EndpointSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_secret_rotated",
    label: "Secret rotated",
    icon: "key-round",
    color: Color::Heather,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookSecretRotated::example()),
    schema: schema::of::<WebhookSecretRotated>,
};

/// An admin gave a webhook endpoint a new secret; the older one signs too for a while.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookSecretRotated {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
    /// For how many hours the older secret signs too.
    pub overlap_hours: i32,
}

impl Event for WebhookSecretRotated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("rotated the secret of the webhook endpoint"),
            (&self.endpoint).into(),
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
    event: &WebhookSecretRotated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_secret_rotated (account_id, id, endpoint_id, url, overlap_hours, salt, digest,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        event.overlap_hours,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url,
               overlap_hours
           from webhook_secret_rotated where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookSecretRotated {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            overlap_hours: row.overlap_hours,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookSecretRotated {
    fn example() -> Self {
        Self { endpoint: EndpointSnapshot::example(), overlap_hours: 24 }
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
            "overlap_hours": 24,
        });
        assert_eq!(WebhookSecretRotated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookSecretRotated::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn rotated the secret of the webhook endpoint https://hooks.kiln-press.example/cairn"
        );
    }
}
