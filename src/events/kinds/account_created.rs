//! The account came to be.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{AccountAsItWas, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "account_created",
    label: "Account started",
    icon: "mountain",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(AccountCreated::example()),
    schema: schema::of::<AccountCreated>,
};

/// Somebody started the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountCreated {
    /// The account's name then.
    pub name: String,
}

impl Event for AccountCreated {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([Part::Words("started"), Part::Text(self.name.clone())])
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.name = Some(self.name.clone());
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
    event: &AccountCreated,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.name]);
    sqlx::query!(
        "insert into account_created (account_id, id, name, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        header.account_id as _,
        header.id as _,
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
        r#"select id as "id: EventId", name
           from account_created where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(AccountCreated { name: kept(row.name) });
        (row.id, event)
    });
    Ok(events.collect())
}

impl AccountCreated {
    fn example() -> Self {
        Self { name: "Northfold".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({ "name": "Northfold" });
        assert_eq!(AccountCreated::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = AccountCreated::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn started Northfold");
    }
}
