//! The account was given another name.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{AccountAsItWas, Event, Header, Kind, Part, Place, Sentence, Shows, schema};
use crate::values::Color;
use crate::values::id::{AccountId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "account_renamed",
    label: "Account renamed",
    icon: "signpost",
    color: Color::Stone,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(AccountRenamed::example()),
    schema: schema::of::<AccountRenamed>,
};

/// Somebody renamed the account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountRenamed {
    /// What it was called.
    pub old_name: String,
    /// What it is called since.
    pub new_name: String,
}

impl Event for AccountRenamed {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of([
            Part::Words("renamed"),
            Part::Text(self.old_name.clone()),
            Part::Words("to"),
            Part::Text(self.new_name.clone()),
        ])
    }

    fn changes(&self) -> Vec<Change> {
        Change::between("name", &self.old_name, &self.new_name).into_iter().collect()
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        account.name = Some(self.new_name.clone());
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
    event: &AccountRenamed,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.old_name, &event.new_name]);
    sqlx::query!(
        "insert into account_renamed (account_id, id, old_name, new_name, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        header.account_id as _,
        header.id as _,
        event.old_name,
        event.new_name,
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
        r#"select id as "id: EventId", old_name, new_name
           from account_renamed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(AccountRenamed { old_name: kept(row.old_name), new_name: kept(row.new_name) });
        (row.id, event)
    });
    Ok(events.collect())
}

impl AccountRenamed {
    fn example() -> Self {
        Self { old_name: "Northfold".to_owned(), new_name: "Northfold Press".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::sentence::People;

    #[test]
    fn its_payload_is_a_promise() {
        let expected = serde_json::json!({
            "old_name": "Northfold",
            "new_name": "Northfold Press",
        });
        assert_eq!(AccountRenamed::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = AccountRenamed::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn renamed Northfold to Northfold Press");
    }
}
