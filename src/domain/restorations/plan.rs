//! What undoing something comes to, as things are now.

use sqlx::PgConnection;

use super::{Actor, Error, Result, boards, cards, columns, comments, feed, may_undo};
use crate::domain::boards::Board;
use crate::domain::cards::{Card, Lost, Spot};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::events::snapshot::ERASED;
use crate::events::story::CommentAsItWas;
use crate::events::{Activity, ColumnSnapshot, Log, Undoing, rebuild, story_of};
use crate::values::id::{ColumnId, CommentId, EventId, UserId};

/// What undoing an activity comes to.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is undone.
    pub activity: Activity,
    /// What is done for it.
    pub act: Act,
}

/// What is done to undo something.
#[derive(Debug, Clone)]
pub enum Act {
    /// A card gets its words back.
    Words {
        /// The card as it is.
        card: Card,
        /// The title that it gets, if it gets one.
        title: Option<String>,
        /// The description that it gets, if it gets one.
        description: Option<String>,
    },
    /// A card goes where it stood.
    Place {
        /// The card as it is.
        card: Card,
        /// The column that it left.
        column: ColumnSnapshot,
        /// Where it goes; none: that column is gone, and where must be said.
        to: Option<Target>,
        /// Its place there.
        spot: Spot,
    },
    /// A closed card is opened, where it stood.
    Reopening {
        /// The card as it is.
        card: Card,
    },
    /// A comment gets its words back.
    CommentWords {
        /// The card as it is.
        card: Card,
        /// The comment as it is.
        comment: Comment,
        /// The words that it gets.
        body: String,
    },
    /// A comment is there again.
    Comment {
        /// The card as it is.
        card: Card,
        /// The comment’s id.
        id: CommentId,
        /// Who wrote it.
        author_id: UserId,
        /// The comment as it was last.
        comment: CommentAsItWas,
    },
    /// A card is there again.
    Card {
        /// The card as it was last.
        lost: Box<Lost>,
        /// Where it goes; none: its column is gone, and where must be said.
        to: Option<Target>,
    },
}

impl Act {
    /// Whether it must be said where a card goes.
    pub fn asks_where(&self) -> bool {
        matches!(self, Self::Place { to: None, .. } | Self::Card { to: None, .. })
    }
}

/// A column that somebody sees, on a board that was not put away.
#[derive(Debug, Clone)]
pub struct Target {
    /// The board.
    pub board: Board,
    /// The column.
    pub column: Column,
}

/// What undoing an activity comes to; with a column, if the card is to go there instead.
///
/// # Errors
/// [`Error::NotFound`] when there is no such activity for them; [`Error::Forbidden`] when others may
/// undo it, but not they; [`Error::Invalid`] names the field `event` when it cannot be undone or was
/// already, and `column_id` when there is no such column for them.
pub async fn plan(
    log: &Log,
    actor: &Actor,
    event: EventId,
    column: Option<ColumnId>,
) -> Result<Plan> {
    let activity = feed::find(log, actor, event).await?;
    may_undo(actor, &activity)?;
    let mut connection = log.pool().acquire().await?;
    if was_undone(&mut connection, actor, event).await? {
        return Err(twice());
    }
    let planning = Planning { log, actor, activity: &activity, chosen: column };
    let act = planning.act(&mut connection).await?;
    Ok(Plan { activity, act })
}

/// Why nothing is undone a second time.
pub(super) fn twice() -> Error {
    Error::invalid("event", "This was undone already.")
}

/// Why an open card is not opened.
pub(super) fn is_open() -> Error {
    Error::invalid("event", "The card is open already.")
}

async fn was_undone(connection: &mut PgConnection, actor: &Actor, event: EventId) -> Result<bool> {
    let was_undone = sqlx::query_scalar!(
        r#"select exists (select from activities
                          where account_id = $1 and undoes_id = $2) as "was_undone!""#,
        actor.account.id as _,
        event as _,
    );
    Ok(was_undone.fetch_one(connection).await?)
}

/// A plan that is being made.
struct Planning<'a> {
    log: &'a Log,
    actor: &'a Actor,
    activity: &'a Activity,
    chosen: Option<ColumnId>,
}

impl Planning<'_> {
    async fn act(&self, connection: &mut PgConnection) -> Result<Act> {
        match self.activity.event.undoing() {
            None => Err(Error::NotFound),
            Some(Undoing::Words { title, description }) => {
                self.words(connection, title, description).await
            }
            Some(Undoing::Place { column }) => self.place(connection, column).await,
            Some(Undoing::Reopening) => self.reopening(connection).await,
            Some(Undoing::CommentWords { id, body }) => {
                self.comment_words(connection, id, body).await
            }
            Some(Undoing::Comment { id, author_id }) => {
                self.comment(connection, id, author_id).await
            }
            Some(Undoing::Card { .. }) => self.lost_card(connection).await,
        }
    }

    async fn words(
        &self,
        connection: &mut PgConnection,
        title: Option<String>,
        description: Option<String>,
    ) -> Result<Act> {
        are_kept([&title, &description].into_iter().flatten())?;
        let card = self.card(connection).await?;
        let title = title.filter(|title| *title != card.title);
        let description = description.filter(|description| *description != card.description);
        if title.is_none() && description.is_none() {
            return Err(Error::invalid("event", "The card says that already."));
        }
        Ok(Act::Words { card, title, description })
    }

    async fn place(&self, connection: &mut PgConnection, column: ColumnSnapshot) -> Result<Act> {
        let card = self.card(connection).await?;
        if self.is_closed(connection, &card).await? {
            return Err(Error::invalid("event", "The card is closed. Reopen it first."));
        }
        let to = self.column(connection, &column).await?;
        let spot = match &to {
            Some(to) if to.column.id == column.id => self.spot(connection).await?,
            _ => Spot::Last,
        };
        Ok(Act::Place { card, column, to, spot })
    }

    async fn reopening(&self, connection: &mut PgConnection) -> Result<Act> {
        let card = self.card(connection).await?;
        match self.is_closed(connection, &card).await? {
            true => Ok(Act::Reopening { card }),
            false => Err(is_open()),
        }
    }

    async fn is_closed(&self, connection: &mut PgConnection, card: &Card) -> Result<bool> {
        let marks = cards::marks(connection, self.actor.account.id, card.id).await?;
        Ok(marks.closure.is_some())
    }

    async fn comment_words(
        &self,
        connection: &mut PgConnection,
        id: CommentId,
        body: String,
    ) -> Result<Act> {
        are_kept([&body])?;
        let card = self.card(connection).await?;
        let comment = comments::by_id(&mut *connection, self.actor.account.id, id).await?;
        let comment = comment.filter(|comment| comment.card_id == card.id).ok_or_else(|| {
            Error::invalid("event", "The comment was deleted since. Restore it first.")
        })?;
        if comment.body == body {
            return Err(Error::invalid("event", "The comment says that already."));
        }
        Ok(Act::CommentWords { card, comment, body })
    }

    async fn comment(
        &self,
        connection: &mut PgConnection,
        id: CommentId,
        author_id: UserId,
    ) -> Result<Act> {
        let account = self.actor.account.id;
        let card = self.card(connection).await?;
        let sequence = self.activity.sequence;
        let mut story = story_of(self.log, connection, account, card.id, sequence).await?;
        let comment = story.deleted_comments.remove(&id).ok_or_else(not_kept)?;
        are_kept([&comment.body])?;
        Ok(Act::Comment { card, id, author_id, comment })
    }

    async fn lost_card(&self, connection: &mut PgConnection) -> Result<Act> {
        let (account, sequence) = (self.actor.account.id, self.activity.sequence);
        let place = self.activity.event.place();
        let (Some(Undoing::Card { card, description, column, rank, watcher_ids }), Some(board)) =
            (self.activity.event.undoing(), place.board)
        else {
            return Err(Error::NotFound);
        };
        are_kept([&card.title, &description])?;
        if cards::by_id(&mut *connection, account, card.id).await?.is_some() {
            return Err(Error::invalid("event", "The card is there already."));
        }
        let to = self.column(connection, &column).await?;
        let then = rebuild(self.log, connection, account, board, sequence - 1).await?.board;
        let then = then.cards.get(&card.id).ok_or_else(not_kept)?;
        let story = story_of(self.log, connection, account, card.id, sequence).await?;
        let lost = Lost {
            card,
            description,
            column,
            rank,
            assignee_ids: then.assignees.clone(),
            tag_ids: then.tags.iter().copied().collect(),
            watcher_ids,
            closed: then.closed,
            story,
        };
        Ok(Act::Card { lost: Box::new(lost), to })
    }

    /// The card as it is now.
    async fn card(&self, connection: &mut PgConnection) -> Result<Card> {
        let (_, number) = self.activity.event.place().card.ok_or(Error::NotFound)?;
        match cards::find(connection, self.actor, number).await {
            Err(Error::NotFound) => {
                let words = "The card is gone, or on a board that you don’t see. If it was deleted, restore it first.";
                Err(Error::invalid("event", words))
            }
            card => card,
        }
    }

    /// The column that was chosen; if none was, the one where it was, if that is there for them still.
    async fn column(
        &self,
        connection: &mut PgConnection,
        then: &ColumnSnapshot,
    ) -> Result<Option<Target>> {
        let target = self.target(connection, self.chosen.unwrap_or(then.id)).await?;
        match (target, self.chosen) {
            (None, Some(_)) => Err(Error::invalid("column_id", "There is no such column.")),
            (target, _) => Ok(target),
        }
    }

    /// A column on a board that they see and that was not put away.
    async fn target(&self, connection: &mut PgConnection, id: ColumnId) -> Result<Option<Target>> {
        let column = columns::by_id(&mut *connection, self.actor.account.id, id).await?;
        let Some(column) = column else { return Ok(None) };
        match boards::find(connection, self.actor, column.board_id).await {
            Ok(board) if board.archived_at.is_some() => Ok(None),
            Ok(board) => Ok(Some(Target { board, column })),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The place that it had in its column just before.
    async fn spot(&self, connection: &mut PgConnection) -> Result<Spot> {
        let place = self.activity.event.place();
        let (Some(board), Some((card, _))) = (place.board, place.card) else {
            return Ok(Spot::Last);
        };
        let (account, before) = (self.actor.account.id, self.activity.sequence - 1);
        let then = rebuild(self.log, connection, account, board, before).await?.board;
        Ok(then.cards.get(&card).map_or(Spot::Last, |card| Spot::Rank(card.rank.clone())))
    }
}

fn are_kept<'a>(words: impl IntoIterator<Item = &'a String>) -> Result<()> {
    match words.into_iter().any(|words| words == ERASED) {
        true => Err(not_kept()),
        false => Ok(()),
    }
}

fn not_kept() -> Error {
    Error::invalid(
        "event",
        "What it was is kept no more: it was erased with the data of a former member.",
    )
}
