//! How things read in JSON.

use serde::Serialize;
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;

use super::event_name::EventName;
use crate::domain::boards::{Board, Past};
use crate::domain::cards::{Card, Marks};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::domain::invitations::Waiting;
use crate::domain::tags::Tag;
use crate::events::sentence::{self, People};
use crate::events::{Activity, Envelope};
use crate::values::id::{BoardId, CardId, ColumnId, CommentId, EventId, UserId};

/// A card.
#[derive(Serialize, ToSchema)]
#[schema(as = Card)]
pub(super) struct CardJson {
    pub(super) id: CardId,
    number: i64,
    board_id: BoardId,
    column_id: ColumnId,
    title: String,
    /// Markdown.
    description: String,
    /// How often title or description were edited, counted from 1.
    version: i64,
    creator_id: UserId,
    #[serde(with = "rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "rfc3339")]
    updated_at: OffsetDateTime,
    /// When it was closed; null while it is open.
    #[serde(with = "rfc3339::option")]
    #[schema(required)]
    closed_at: Option<OffsetDateTime>,
    /// Who closed it.
    #[schema(required)]
    closer_id: Option<UserId>,
    /// Whose work it is, the longest first.
    assignees: Vec<UserId>,
    /// The tags it is marked with, by name.
    tags: Vec<Tag>,
}

impl CardJson {
    /// A card with what stands beside its own words.
    pub(super) fn new(card: Card, marks: Marks) -> Self {
        Self {
            id: card.id,
            number: card.number,
            board_id: card.board_id,
            column_id: card.column_id,
            title: card.title,
            description: card.description,
            version: card.version,
            creator_id: card.creator_id,
            created_at: card.created_at,
            updated_at: card.updated_at,
            closed_at: marks.closure.as_ref().map(|closure| closure.created_at),
            closer_id: marks.closure.map(|closure| closure.closer_id),
            assignees: marks.assignees.into_iter().map(|person| person.id).collect(),
            tags: marks.tags,
        }
    }
}

/// A board with its columns.
#[derive(Serialize, ToSchema)]
#[schema(as = BoardWithColumns)]
pub(super) struct BoardJson {
    #[serde(flatten)]
    pub(super) board: Board,
    pub(super) columns: Vec<ColumnJson>,
    /// Which point of the past this is; only there if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) past: Option<PastJson>,
}

/// A point of the past of a board.
#[derive(Serialize, ToSchema)]
#[schema(as = PointOfThePast)]
pub(super) struct PastJson {
    /// The board is as it was after the activity of this number in the account's log.
    pub(super) sequence: i64,
    /// The number of the board's own last change by then.
    #[schema(required)]
    pub(super) last: Option<i64>,
    /// When that was recorded.
    #[serde(with = "rfc3339::option")]
    #[schema(required)]
    pub(super) created_at: Option<OffsetDateTime>,
    /// Who did it; null if Cairn did.
    #[schema(required)]
    pub(super) creator_id: Option<UserId>,
    /// The number of the change before that one; null at the first.
    #[schema(required)]
    pub(super) previous: Option<i64>,
    /// The number of the next change; null at the newest.
    #[schema(required)]
    pub(super) next: Option<i64>,
}

impl From<&Past> for PastJson {
    fn from(past: &Past) -> Self {
        let header = past.last.activities.first().map(|activity| &activity.header);
        Self {
            sequence: past.sequence,
            last: past.steps.last.first().copied(),
            created_at: header.map(|header| header.created_at),
            creator_id: header.and_then(|header| header.creator_id),
            previous: past.steps.last.get(1).copied(),
            next: past.steps.next,
        }
    }
}

/// A column with its cards, in order.
#[derive(Serialize, ToSchema)]
#[schema(as = ColumnWithCards)]
pub(super) struct ColumnJson {
    #[serde(flatten)]
    pub(super) column: Column,
    pub(super) cards: Vec<CardOfColumn>,
}

/// A card in its column.
#[derive(Serialize, ToSchema)]
pub(super) struct CardOfColumn {
    pub(super) id: CardId,
    pub(super) number: i64,
    pub(super) title: String,
    pub(super) comments: i64,
    /// Whose work it is, the longest first.
    pub(super) assignees: Vec<UserId>,
    /// The tags it is marked with, by name.
    pub(super) tags: Vec<Tag>,
}

/// A comment.
#[derive(Serialize, ToSchema)]
#[schema(as = Comment)]
pub(super) struct CommentJson {
    pub(super) id: CommentId,
    card_id: CardId,
    author: Person,
    body: String,
    /// How often it was edited, counted from 1.
    version: i64,
    #[serde(with = "rfc3339")]
    created_at: OffsetDateTime,
    /// When it was last edited; null if it never was.
    #[serde(with = "rfc3339::option")]
    #[schema(required)]
    edited_at: Option<OffsetDateTime>,
}

impl From<Comment> for CommentJson {
    fn from(comment: Comment) -> Self {
        Self {
            id: comment.id,
            card_id: comment.card_id,
            author: Person { id: comment.author_id, name: comment.author_name },
            body: comment.body,
            version: comment.version,
            created_at: comment.created_at,
            edited_at: comment.edited_at,
        }
    }
}

/// An invitation that was made just now, with its link, which is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = NewInvitationWithLink)]
pub(super) struct InvitationJson {
    #[serde(flatten)]
    pub(super) invitation: Waiting,
    /// Where the person who is invited accepts.
    #[schema(format = "uri")]
    pub(super) url: String,
}

/// Where to listen, with any client of Action Cable.
#[derive(Serialize, ToSchema)]
#[schema(as = BoardStream)]
pub(super) struct StreamJson {
    #[schema(format = "uri")]
    pub(super) url: String,
    pub(super) channel: &'static str,
    #[schema(required)]
    pub(super) signed_stream_name: Option<String>,
}

/// Somebody.
#[derive(Serialize, ToSchema)]
pub(crate) struct Person {
    id: UserId,
    name: String,
}

impl Person {
    /// Somebody as they are called now.
    pub(crate) fn named(id: UserId, people: &People) -> Self {
        Self { id, name: sentence::name(id, people).to_owned() }
    }
}

/// An entry of the log.
#[derive(Serialize, ToSchema)]
#[schema(as = Activity)]
pub(crate) struct ActivityJson {
    sequence: i64,
    id: EventId,
    #[schema(value_type = EventName)]
    event: String,
    #[serde(with = "rfc3339")]
    created_at: OffsetDateTime,
    #[schema(required)]
    creator: Option<Person>,
    #[schema(required)]
    board_id: Option<BoardId>,
    #[schema(required)]
    card_number: Option<i64>,
    /// The event that it undid.
    #[schema(required)]
    undoes_id: Option<EventId>,
    /// What happened, in a sentence.
    description: String,
    /// The event’s own particulars; which, its kind says.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// An event as webhooks send it, with its number in the account’s log.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventJson {
    #[serde(flatten)]
    pub(super) envelope: Envelope,
    pub(super) sequence: i64,
}

impl ActivityJson {
    /// An activity, with what the people in it are called now.
    pub(crate) fn new(activity: &Activity, people: &People) -> Self {
        let (header, event) = (&activity.header, &activity.event);
        Self {
            sequence: activity.sequence,
            id: header.id,
            event: event.kind().wire_name(),
            created_at: header.created_at,
            creator: header.creator_id.map(|id| Person::named(id, people)),
            board_id: header.board_id,
            card_number: event.place().card.map(|(_, number)| number),
            undoes_id: header.undoes_id,
            description: activity.sentence.plain_text(header.creator_id, people),
            data: event.data(),
        }
    }
}
