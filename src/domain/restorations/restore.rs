//! Undoing something.

use super::plan::{Act, Plan, Target, is_open, plan, twice};
use super::{Actor, Error, Result, cards, comments};
use crate::domain::cards::{Card, Destination, Edit, Spot};
use crate::domain::columns::Column;
use crate::events::{Change, Log};
use crate::values::id::{ColumnId, EventId};
use crate::values::{CommentBody, Description, Title};

/// What whoever undoes something says besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choice {
    /// The column that a card is to come to; none: the one that it left.
    pub column_id: Option<ColumnId>,
    /// The version of the words that they saw; if there is another one now, nothing is changed.
    pub version: Option<i64>,
}

/// Undoes what happened, as a new event that names it; the number of the card.
///
/// # Errors
/// Those of [`plan`], and those of the verb that it comes to: [`Error::Conflict`] when the words are not
/// those that were seen; [`Error::ARCHIVED`]; [`Error::Invalid`] with `column_id` when the column that
/// the card left is gone and no other one is chosen.
pub async fn restore(log: &Log, actor: &Actor, event: EventId, choice: Choice) -> Result<i64> {
    let Plan { activity, act } = plan(log, actor, event, choice.column_id).await?;
    let (_, number) = activity.event.place().card.ok_or(Error::NotFound)?;
    let change = log.change(&actor.creator()).await?.undoing(event);
    match carry_out(change, actor, act, choice.version).await {
        Ok(()) => Ok(number),
        Err(Error::Unexpected(error)) if was_undone_meanwhile(&error) => Err(twice()),
        Err(error) => Err(error),
    }
}

/// Two who undo the same at once are told from each other by the indexes.
fn was_undone_meanwhile(error: &sqlx::Error) -> bool {
    let indexes = ["activities_undoes", "cards_pkey", "comments_pkey"];
    indexes.iter().any(|index| Error::violates(error, index))
}

async fn carry_out(change: Change, actor: &Actor, act: Act, seen: Option<i64>) -> Result<()> {
    match act {
        Act::Words { card, title, description } => {
            let edit = Edit {
                title: title
                    .map(|title| Title::parse(&title))
                    .transpose()
                    .map_err(Error::in_field("title"))?,
                description: description
                    .map(|description| Description::parse(&description))
                    .transpose()
                    .map_err(Error::in_field("description"))?,
                version: Some(seen.unwrap_or(card.version)),
            };
            cards::update_in(change, actor, card.number, edit).await.map(drop)
        }
        Act::Place { card, to, spot, .. } => put(change, actor, &card, &chosen(to)?, spot).await,
        Act::Reopening { card } => reopen(change, actor, &card).await,
        Act::CommentWords { card, comment, body } => {
            let body = CommentBody::parse(&body).map_err(Error::in_field("body"))?;
            let of = (comment.id, Some(seen.unwrap_or(comment.version)));
            comments::edit_in(change, actor, card.number, of, body).await.map(drop)
        }
        Act::Comment { card, id, author_id, comment } => {
            comments::restore_in(change, actor, card.number, (id, author_id), &comment).await
        }
        Act::Card { lost, to } => {
            cards::restore_in(change, actor, &lost, &chosen(to)?).await.map(drop)
        }
    }
}

fn chosen(to: Option<Target>) -> Result<Column> {
    to.map(|target| target.column).ok_or_else(|| {
        let words =
            "The column that it stood in is gone, or its board was put away. Choose where it goes.";
        Error::invalid("column_id", words)
    })
}

/// Puts a card into a column, of its board or of another one.
async fn put(change: Change, actor: &Actor, card: &Card, to: &Column, spot: Spot) -> Result<()> {
    if to.board_id != card.board_id {
        let destination = Destination { board: to.board_id, column: Some(to.id), spot };
        let moved =
            cards::move_to_board_in(change, actor, card.number, card.board_id, destination).await;
        return moved.map(drop);
    }
    let moved = cards::relocate_in(change, actor, card.number, to.id, spot).await?;
    if (moved.column_id, &moved.rank) == (card.column_id, &card.rank) {
        return Err(Error::invalid("event", "The card stands there already."));
    }
    Ok(())
}

async fn reopen(change: Change, actor: &Actor, card: &Card) -> Result<()> {
    let spot = Spot::Rank(card.rank.clone());
    let reopened = cards::reopen_in(change, actor, card.number, card.column_id, spot).await?;
    if reopened.updated_at == card.updated_at {
        // Somebody was faster.
        return Err(is_open());
    }
    Ok(())
}
