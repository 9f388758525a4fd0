//! A replay of a part of the log to a webhook endpoint was started.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{EndpointSnapshot, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, EndpointId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "webhook_replay_started",
    label: "Replay started",
    icon: "rotate-cw",
    color: Color::Lake,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(WebhookReplayStarted::example()),
    schema: schema::of::<WebhookReplayStarted>,
};

/// An admin had a part of the log sent to a webhook endpoint again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WebhookReplayStarted {
    /// The endpoint.
    pub endpoint: EndpointSnapshot,
    /// Since when what happened is sent; none: since the account began.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub since: Option<OffsetDateTime>,
    /// Until when; none: until the replay was started.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub until: Option<OffsetDateTime>,
    /// Which of it: `all`, `missing` or `failed`.
    pub which: String,
    /// The names of the events; none: all that the endpoint asked for.
    pub events: Vec<String>,
    /// The boards; none: all that the endpoint hears of.
    pub board_ids: Vec<BoardId>,
    /// How many events that were.
    pub total: i64,
}

impl Event for WebhookReplayStarted {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::endpoint(self.endpoint.id)
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("started a replay to the webhook endpoint"),
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
    event: &WebhookReplayStarted,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.endpoint.url]);
    sqlx::query!(
        "insert into webhook_replay_started (account_id, id, endpoint_id, url, since,
             until, which, events, board_ids, total, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        header.account_id as _,
        header.id as _,
        event.endpoint.id as _,
        event.endpoint.url,
        event.since,
        event.until,
        event.which,
        &event.events,
        &event.board_ids as _,
        event.total,
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
        r#"select id as "id: EventId", endpoint_id as "endpoint_id: EndpointId", url, since, until,
               which, events, board_ids as "board_ids: Vec<BoardId>", total
           from webhook_replay_started where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(WebhookReplayStarted {
            endpoint: EndpointSnapshot { id: row.endpoint_id, url: kept(row.url) },
            since: row.since,
            until: row.until,
            which: row.which,
            events: row.events,
            board_ids: row.board_ids,
            total: row.total,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl WebhookReplayStarted {
    fn example() -> Self {
        Self {
            endpoint: EndpointSnapshot::example(),
            since: Some(datetime!(2026-11-01 0:00 UTC)),
            until: None,
            which: "missing".to_owned(),
            events: vec!["card.*".to_owned()],
            board_ids: Vec::new(),
            total: 128,
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
            "since": "2026-11-01T00:00:00Z",
            "until": null,
            "which": "missing",
            "events": ["card.*"],
            "board_ids": [],
            "total": 128,
        });
        assert_eq!(WebhookReplayStarted::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = WebhookReplayStarted::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn started a replay to the webhook endpoint https://hooks.kiln-press.example/cairn"
        );
    }
}
