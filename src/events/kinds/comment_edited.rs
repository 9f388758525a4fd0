//! Somebody edited what they had said about a card.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use crate::events::kind::Loaded;
use crate::events::sentence::Change;
use crate::events::snapshot::kept;
use crate::events::texts::Texts;
use crate::events::{
    CardSnapshot, CommentSnapshot, Event, Header, Kind, Part, Place, Region, Sentence, Shows,
    Story, Undoing, schema,
};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, CommentId, EventId};

/// What all of its events share.
pub static KIND: Kind = Kind {
    name: "comment_edited",
    label: "Comment edited",
    icon: "pencil",
    color: Color::Lake,
    shows: Shows::EVERYWHERE,
    folds: true,
    recorded: true,
    load: |connection, account, ids| Box::pin(load(connection, account, ids)),
    example: || Arc::new(CommentEdited::example()),
    schema: schema::of::<CommentEdited>,
};

/// Somebody edited a comment of theirs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CommentEdited {
    /// The board it is on.
    pub board_id: BoardId,
    /// The card.
    pub card: CardSnapshot,
    /// The comment as it became.
    pub comment: CommentSnapshot,
    /// What it said before.
    pub old_body: String,
}

impl Event for CommentEdited {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn place(&self) -> Place {
        Place::card(self.board_id, self.card.id, self.card.number)
    }

    fn sentence(&self) -> Sentence {
        let (old, new) = (self.old_body.clone(), self.comment.body.clone());
        let change = Change { attribute: "text".to_owned(), old, new };
        Sentence::of([Part::Words("edited a comment on"), (&self.card).into()])
            .with_changes(vec![change])
    }

    fn touches(&self) -> Vec<Region> {
        vec![Region::CommentText(self.comment.id)]
    }

    fn tell(&self, story: &mut Story) {
        if let Some(comment) = story.comments.get_mut(&self.comment.id) {
            comment.body.clone_from(&self.comment.body);
            comment.version += 1;
            comment.edited_at = Some(story.now.at);
        }
    }

    fn undoing(&self) -> Option<Undoing> {
        Some(Undoing::CommentWords { id: self.comment.id, body: self.old_body.clone() })
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
    event: &CommentEdited,
    connection: &mut PgConnection,
    header: &Header,
) -> sqlx::Result<()> {
    let texts = Texts::over(&[&event.card.title, &event.comment.body, &event.old_body]);
    sqlx::query!(
        "insert into comment_edited (account_id, id, board_id, card_id, number,
         comment_id, title, body, old_body, salt, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        header.account_id as _,
        header.id as _,
        event.board_id as _,
        event.card.id as _,
        event.card.number,
        event.comment.id as _,
        event.card.title,
        event.comment.body,
        event.old_body,
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
               title, body, old_body
           from comment_edited where account_id = $1 and id = any($2)"#,
        account as _,
        ids as _,
    )
    .fetch_all(connection)
    .await?;
    let events = rows.into_iter().map(|row| {
        let event: Arc<dyn Event> = Arc::new(CommentEdited {
            board_id: row.board_id,
            card: CardSnapshot { id: row.card_id, number: row.number, title: kept(row.title) },
            comment: CommentSnapshot { id: row.comment_id, body: kept(row.body) },
            old_body: kept(row.old_body),
        });
        (row.id, event)
    });
    Ok(events.collect())
}

impl CommentEdited {
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
                body: "Reads well.".to_owned(),
            },
            old_body: "Reads.".to_owned(),
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
            "comment": { "id": "0192d2f0-c5d4-7a0e-8b1e-000000000005", "body": "Reads well." },
            "old_body": "Reads.",
        });
        assert_eq!(CommentEdited::example().data(), expected);
    }

    #[test]
    fn it_reads_as_a_sentence() {
        let text = CommentEdited::example().sentence().plain_text(None, &People::new());
        assert_eq!(text, "Cairn edited a comment on Write the letter: text: Reads. → Reads well.");
    }
}
