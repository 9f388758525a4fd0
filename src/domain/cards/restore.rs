//! Bringing back a card that was deleted.

use sqlx::PgConnection;

use super::add::insert;
use super::place::{Place, Spot};
use super::{Actor, Card, Error, Result};
use crate::domain::columns::{self, Column};
use crate::domain::{boards, comments};
use crate::events::board_as_it_was::Stamp;
use crate::events::kinds::card_restored::CardRestored;
use crate::events::{CardSnapshot, Change, ColumnSnapshot, Story};
use crate::values::id::{AccountId, BoardId, CardId, TagId, UserId};
use crate::values::{Rank, clock};

/// A card that was deleted, as it was then.
#[derive(Debug, Clone)]
pub struct Lost {
    /// The card.
    pub card: CardSnapshot,
    /// What it said.
    pub description: String,
    /// The column that it stood in.
    pub column: ColumnSnapshot,
    /// Its place in that column.
    pub(in crate::domain) rank: Rank,
    /// Whose work it was.
    pub(in crate::domain) assignee_ids: Vec<UserId>,
    /// The tags it was marked with.
    pub(in crate::domain) tag_ids: Vec<TagId>,
    /// Who followed it.
    pub(in crate::domain) watcher_ids: Vec<UserId>,
    /// When it was closed, and by whom, if it was.
    pub(in crate::domain) closed: Option<Stamp>,
    /// Who had added it, and what was said about it.
    pub story: Story,
}

/// What hangs on a card that is there again.
struct Hung {
    assignee_ids: Vec<UserId>,
    tag_ids: Vec<TagId>,
}

/// Puts a card that was deleted into a column again, with its number, its comments, and whatever else
/// hung on it; of people, those who see the board. The change was begun by somebody who may write.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them; [`Error::ARCHIVED`] when it was put away;
/// [`Error::Invalid`] when the column is not there any more.
pub(in crate::domain) async fn restore_in(
    mut change: Change,
    actor: &Actor,
    lost: &Lost,
    to: &Column,
) -> Result<Card> {
    let account = actor.account.id;
    boards::lock_to_change(&mut change, actor, to.board_id).await?;
    let column = columns::lock(&mut change, account, to.id).await?;
    let column = column.ok_or_else(|| {
        Error::invalid("column_id", "This column was just removed. Choose another one.")
    })?;
    let spot = if column.id == lost.column.id { Spot::Rank(lost.rank.clone()) } else { Spot::Last };
    let place = Place::find(&mut change, account, column.id, spot, None).await?;
    let card = lost.card_in(&column, place.rank(), actor);
    insert(&mut change, account, &card).await?;
    card.let_be_found(&mut change, account).await?;
    let hung = hang(&mut change, actor, &card, lost).await?;
    for (id, comment) in &lost.story.comments {
        comments::insert(&mut change, account, card.id, *id, comment).await?;
    }
    let event = lost.restored(&card, &column, hung);
    change.record(event).await?;
    Ok(card)
}

impl Lost {
    /// The card as it is once it is back; what reads it by its version knows it for another.
    fn card_in(&self, column: &Column, rank: Rank, actor: &Actor) -> Card {
        let now = clock::now();
        let added = self.story.added.unwrap_or(Stamp { at: now, by: None });
        Card {
            id: self.card.id,
            number: self.card.number,
            board_id: column.board_id,
            column_id: column.id,
            rank,
            title: self.card.title.clone(),
            description: self.description.clone(),
            version: self.story.edits + 2,
            creator_id: added.by.unwrap_or(actor.user_id),
            created_at: added.at,
            updated_at: now,
        }
    }

    fn restored(&self, card: &Card, column: &Column, hung: Hung) -> CardRestored {
        CardRestored {
            board_id: card.board_id,
            card: card.snapshot(),
            column: column.snapshot(),
            rank: card.rank.clone(),
            description: card.description.clone(),
            assignee_ids: hung.assignee_ids,
            tag_ids: hung.tag_ids,
            comment_ids: self.story.comments.keys().copied().collect(),
            closer_id: self.closed.and_then(|closed| closed.by),
            closed_at: self.closed.map(|closed| closed.at),
        }
    }
}

/// Hangs on the card what hung on it, in the order in which it did; what came of it.
async fn hang(
    connection: &mut PgConnection,
    actor: &Actor,
    card: &Card,
    lost: &Lost,
) -> Result<Hung> {
    let (account, id, board): (AccountId, CardId, BoardId) =
        (actor.account.id, card.id, card.board_id);
    let hung = sqlx::query_as!(
        Hung,
        r#"with viewers as (
               select user_id from board_viewers where account_id = $1 and board_id = $3
           ), closed as (
               insert into closures (account_id, card_id, closer_id, created_at)
               select $1, $2, $4::uuid, $5::timestamptz where $5::timestamptz is not null
           ), watched as (
               insert into watches (account_id, card_id, user_id, created_at)
               select $1, $2, user_id, $6::timestamptz from viewers where user_id = any($7)
           ), assigned as (
               insert into assignments (account_id, card_id, user_id, assigner_id, created_at)
               select $1, $2, assignee.id, $8, $6 + assignee.place * interval '1 microsecond'
               from unnest($9::uuid[]) with ordinality as assignee (id, place)
               where assignee.id in (select user_id from viewers)
               returning user_id, created_at
           ), tagged as (
               insert into taggings (account_id, card_id, tag_id, created_at)
               select $1, $2, id, $6 from tags where account_id = $1 and id = any($10)
               returning tag_id
           )
           select array(select user_id from assigned order by created_at) as "assignee_ids!: Vec<UserId>",
               array(select tag_id from tagged order by tag_id) as "tag_ids!: Vec<TagId>""#,
        account as _,
        id as _,
        board as _,
        lost.closed.map(|closed| closed.by.unwrap_or(actor.user_id)) as _,
        lost.closed.map(|closed| closed.at),
        card.updated_at,
        &lost.watcher_ids as _,
        actor.user_id as _,
        &lost.assignee_ids as _,
        &lost.tag_ids as _,
    );
    Ok(hung.fetch_one(connection).await?)
}
