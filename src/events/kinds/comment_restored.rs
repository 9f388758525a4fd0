//! A deleted comment stands under its card again.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    Audience, BoardAsItWas, CardSnapshot, CommentSnapshot, Event, Header, Kind, Part, Place,
    Region, Sentence, Shows, Story, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, CommentId, EventId, UserId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "comment_restored",
    label: "Comment restored",
    icon: "undo-2",
    color: Color::Lake,
    shows: Shows::EVERYWHERE,
    folds: false,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CommentRestored::example()),
    schema: schema::of::<CommentRestored>,
};

/// Somebody brought back a comment that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CommentRestored {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The comment, as it says again.
    pub comment: CommentSnapshot,
    /// Who wrote it.
    pub author_id: UserId,
}

impl Event for CommentRestored {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (author, card) = (Part::Person(self.author_id), (&self.card).into());
        Sentence::of([Part::Words("restored a comment by"), author, Part::Words("on"), card])
            .quoting(&self.comment.body)
    }

    fn audience(&self) -> Audience {
        Audience::Watchers(self.card.id)
    }

    fn touches(&self) -> Vec<Region> {
        // It stands among the others again, not behind them.
        vec![Region::Card(self.card.id), Region::CardPage(self.card.id)]
    }

    fn apply(&self, board: &mut BoardAsItWas) {
        if let Some(card) = board.cards.get_mut(&self.card.id) {
            card.comments += 1;
        }
    }

    fn tell(&self, story: &mut Story) {
        if let Some(comment) = story.deleted_comments.remove(&self.comment.id) {
            story.comments.insert(self.comment.id, comment);
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
    event: &CommentRestored,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.comment.body]);
    sqlx::query!(
        "insert into comment_restored (account_id, id, board_id, card_id, number,
         comment_id, author_id, title, body, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.comment.id as _,
        event.author_id as _,
        event.card.title,
        event.comment.body,
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
        r#"select id as "id: EventId", board_id as "board_id: BoardId",
               card_id as "card_id: CardId", number, comment_id as "comment_id: CommentId",
               author_id as "author_id: UserId", title, body
           from comment_restored where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CommentRestored {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            comment: CommentSnapshot { id: row.comment_id, body: kept(row.body) },
            author_id: row.author_id,
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CommentRestored {
    fn example() -> Self {
        Self {
            board_id: BoardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001")),
            card: CardSnapshot {
                id: CardId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000003")),
                number: 142,
                title: "Write the letter".to_owned(),
            },
            comment: CommentSnapshot {
                id: CommentId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000005")),
                body: "One page is enough.".to_owned(),
            },
            author_id: UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000007")),
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
            "board_id": "0192d2f0-c5d4-7a0e-8b1e-000000000001",
            "card": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000003", "number": 142, "title": "Write the letter" },
            "comment": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000005", "body": "One page is enough." },
            "author_id": "0192d2f0-c5d4-7a0e-8b1e-000000000007",
        });
        assert_eq!(CommentRestored::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CommentRestored::example().sentence().plain_text(None, &People::new());
        assert_eq!(
            text,
            "Cairn restored a comment by A former member on Write the letter: “One page is enough.”"
        );
    }
}
