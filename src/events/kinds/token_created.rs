//! A bearer token of the API was made; the token itself stands nowhere.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::account_as_it_was::TokenAsItWas;
use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{AccountAsItWas, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::id::{AccountId, EventId, TokenId, UserId};
use crate::values::{Color, Scope};

/// What all of its events share.
///
/// The feed is about the work that a team shares; a key to somebody’s own programs is not part of
/// it, and its name may tell more than they mean to. Audit and webhooks have it: whoever guards an
/// account must hear of every key there is.
pub static KIND: Kind = Kind {
    name: "token_created",
    label: "Token made",
    icon: "key-round",
    color: Color::Ochre,
    shows: Shows::TO_ADMINS,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(TokenCreated::example()),
    schema: schema::of::<TokenCreated>,
};

/// Somebody made a token that acts in a member’s name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TokenCreated {
    /// The token.
    pub token_id: TokenId,
    /// The member in whose name it acts.
    pub user_id: UserId,
    /// What it was for.
    pub name: String,
    /// How far it reaches.
    pub scope: Scope,
}

impl Event for TokenCreated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("made the token"),
            Part::Text(self.name.clone()),
            Part::Words("in the name of"),
            Part::Person(self.user_id),
        ])
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        let token = TokenAsItWas { user_id: self.user_id, scope: self.scope };
        account.tokens.insert(self.token_id, token);
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
    event: &TokenCreated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.name]);
    sqlx::query!(
        "insert into token_created (account_id, id, token_id, user_id, name, scope, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        header.account_id as _,
        header.id as _,
        event.token_id as _,
        event.user_id as _,
        event.name,
        event.scope as _,
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
        r#"select id as "id: EventId", token_id as "token_id: TokenId", user_id as "user_id: UserId", name, scope as "scope: Scope"
           from token_created where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(TokenCreated {
            token_id: row.token_id,
            user_id: row.user_id,
            name: kept(row.name),
            scope: row.scope,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl TokenCreated {
    fn example() -> Self {
        Self {
            token_id: TokenId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000009")),
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
            name: "Nightly export".to_owned(),
            scope: Scope::Read,
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
            "scope": "read",
        });
        assert_eq!(TokenCreated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = TokenCreated::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn made the token Nightly export in the name of A former member");
    }
}
