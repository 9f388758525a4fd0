//! Somebody is a member no more: they were removed, or left.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::{
    AccountAsItWas, BoardAsItWas, Event, Header, Kind, Part, Place, Region, Sentence, Shows, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, EventId, UserId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "member_removed",
    label: "Member removed",
    icon: "user-minus",
    color: Color::Rowan,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(MemberRemoved::example()),
    schema: schema::of::<MemberRemoved>,
};

/// A person was removed from the account, or left it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MemberRemoved {
    /// Who they were in this account; what they did stays.
    pub user_id: UserId,
    /// How it came about.
    pub departure: Departure,
}

/// How it came about that somebody is a member no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Departure {
    /// Somebody else removed them.
    Removed,
    /// They left.
    Left,
}

impl Event for MemberRemoved {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::default()
    }

    fn sentence(&self) -> Sentence {
        Sentence::of(match self.departure {
            Departure::Removed => vec![Part::Words("removed"), Part::Person(self.user_id)],
            Departure::Left => vec![Part::Words("left")],
        })
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::Members]
    }

    fn revokes(&self) -> Option<UserId> {
        Some(self.user_id)
    }

    /// Their access and their work end on every board, so the events of the account belong to the
    /// fold of each.
    fn reaches_boards(&self) -> bool {
        true
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        board.chosen.remove(&self.user_id);
        for card in board.cards.values_mut() {
            card.assignees.retain(|user| *user != self.user_id);
        }
    }

    fn settle(&self, account: &mut AccountAsItWas) {
        if let Some(member) = account.members.get_mut(&self.user_id) {
            member.is_present = false;
        }
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
    event: &MemberRemoved,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into member_removed (account_id, id, user_id, departure, created_at)
         values ($1, $2, $3, $4, $5)",
        header.account_id as _,
        header.id as _,
        event.user_id as _,
        event.departure as _,
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
        r#"select id as "id: EventId", user_id as "user_id: UserId", departure as "departure: Departure"
           from member_removed where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> =
            Arc::new(MemberRemoved { user_id: row.user_id, departure: row.departure });
        (row.id, event)
    });
    Ok(events.collect())
}

impl MemberRemoved {
    fn example() -> Self {
        Self {
            user_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
            departure: Departure::Removed,
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
            "user_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
            "departure": "removed",
        });
        assert_eq!(MemberRemoved::example().data(), expected);
    }

    #[test]
    fn whoever_goes_by_themselves_is_not_removed() {
        let user_id = MemberRemoved::example().user_id;
        let event = MemberRemoved { user_id, departure: Departure::Left };
        let people = People::from([(user_id, "Olive".to_owned())]);
        assert_eq!(event.sentence().plain_text(Some(user_id), &people), "Olive left");
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = MemberRemoved::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn removed A former member");
    }
}
