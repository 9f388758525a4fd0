//! A webhook endpoint was added.

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
use crate::values::id::{AccountId, BoardId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_endpoint_added",
    label: "Endpoint added",
    icon: "webhook",
    color: Color::Moss,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookEndpointAdded::example()),
    schema: schema::of::<WebhookEndpointAdded>,
};

/// An admin added a webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookEndpointAdded {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
    /// The names of the events that it asked for.
    pub events: Vec<String>,
    /// The boards it hears of; none: all.
    pub board_ids: Vec<BoardId>,
}

impl Event for WebhookEndpointAdded {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("added the webhook endpoint"), (&self.endpoint).into()])
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

async fn insert(
    event: &WebhookEndpointAdded,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_endpoint_added (account_id, id, endpoint_id, url, events, board_ids, salt,
             digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        &event.events,
        &event.board_ids as _,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url, events,
               board_ids as "board_ids: Vec<BoardId>"
           from webhook_endpoint_added where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookEndpointAdded {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            events: row.events,
            board_ids: row.board_ids,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookEndpointAdded {
    fn example() -> Self {
        Self {
            endpoint: EndpointSnapshot::example(),
            events: vec!["card.*".to_owned(), "comment.*".to_owned()],
            board_ids: Vec::new(),
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
            "events": ["card.*", "comment.*"],
            "board_ids": [],
        });
        assert_eq!(WebhookEndpointAdded::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookEndpointAdded::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn added the webhook endpoint https://hooks.kiln-press.example/cairn");
    }
}
