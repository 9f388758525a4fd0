//! A bearer token of the API was revoked.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{AccountAsItWas, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId, TokenId, UserId};

/// What all of its events share.
///
/// Shown where the making of tokens is, and for the same reasons.
pub static KIND: Kind = Kind {
    name: "token_revoked",
    label: "Token revoked",
    icon: "key-round",
    color: Color::Rowan,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(TokenRevoked::example()),
    schema: schema::of::<TokenRevoked>,
};

/// Somebody revoked a token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TokenRevoked {
    /// The token.
    pub token_id: TokenId,
    /// The member in whose name it acted.
    pub user_id: UserId,
    /// What it was for.
    pub name: String,
}

impl Event for TokenRevoked {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("revoked the token"),
            Part::Text(self.name.clone()),
            Part::Words("in the name of"),
            Part::Person(self.user_id),
        ])
    }

    fn revokes(&self) -> Option<UserId> {
        Some(self.user_id)
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.tokens.remove(&self.token_id);
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
    event: &TokenRevoked,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.name]);
    sqlx::query!(
        "insert into token_revoked (account_id, id, token_id, user_id, name, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        header.account_id as _,
        header.id as _,
        event.token_id as _,
        event.user_id as _,
        event.name,
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
        r#"select id as "id: EventId", token_id as "token_id: TokenId", user_id as "user_id: UserId", name
           from token_revoked where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(TokenRevoked {
            token_id: row.token_id,
            user_id: row.user_id,
            name: kept(row.name),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl TokenRevoked {
    fn example() -> Self {
        Self {
            token_id: TokenId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000009")),
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
            name: "Nightly export".to_owned(),
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
            "token_id": "0192d2f0-c5d4-7a0e-8b1e-000000000009",
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
            "name": "Nightly export",
        });
        assert_eq!(TokenRevoked::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = TokenRevoked::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn revoked the token Nightly export in the name of A former member");
    }
}
