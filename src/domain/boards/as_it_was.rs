//! A board as it was, rebuilt from events alone. Whoever sees the board now may look.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::point::Point;
use super::{Board, find};
use crate::domain::cards::{Assignee, CardFace};
use crate::domain::columns::Column;
use crate::domain::feed::{self, Feed, Gone};
use crate::domain::tags::Tag;
use crate::domain::users::{self, User};
use crate::domain::{Actor, Result};
use crate::events::board_as_it_was::{CardAsItWas, Stamp};
use crate::events::history::{self, From, Page, Scope, Steps};
use crate::events::sentence::FORMER_MEMBER;
use crate::events::{BoardAsItWas, KINDS, Kind, Log, rebuild};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, UserId};
use crate::values::{BoardAccess, Color};

/// In so many equal parts the way from a board’s first change to its newest is marked with times.
const PARTS: i64 = 4;

/// A board as it was at a point of the account's log.
#[derive(Debug, Clone)]
pub struct Past {
    /// The board.
    pub board: Board,
    /// Its columns in order, each with its cards.
    pub columns: Vec<PastColumn>,
    /// At which point it was so.
    pub sequence: i64,
    /// The last change of it by then.
    pub last: Feed,
    /// Its own changes around that point.
    pub steps: Steps,
    /// When the log stood where it is marked: numbers that are equally far apart, from the first change
    /// of the board to its newest.
    pub marks: Vec<OffsetDateTime>,
    /// The cards that its last change changed.
    pub changed_cards: BTreeSet<CardId>,
    /// The columns that its last change changed.
    pub changed_columns: BTreeSet<ColumnId>,
}

/// A column as it was, with its cards in order.
#[derive(Debug, Clone)]
pub struct PastColumn {
    /// The column.
    pub column: Column,
    /// The cards that were open.
    pub open: Vec<CardFace>,
    /// The cards that were closed, and since when.
    pub closed: Vec<(CardFace, Stamp)>,
}

/// A board as it was at a point that [`super::point`] found.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such board for them now.
pub async fn as_it_was(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    id: BoardId,
    point: Point,
) -> Result<Past> {
    let now = find(&mut *connection, actor, id).await?;
    let (account, sequence) = (actor.account.id, point.sequence);
    let steps = history::steps(connection, account, id, sequence).await?;
    let current = steps.last.first().copied().unwrap_or(sequence);
    let mut rebuilt = rebuild(log, connection, account, id, current - 1).await?;
    let before = rebuilt.board.clone();
    rebuilt.go_on(log, connection, sequence).await?;
    let after = rebuilt.board;
    let people = people(connection, account, &after).await?;
    Ok(Past {
        board: board(&now, &after),
        changed_cards: changed(&before.cards, &after.cards),
        changed_columns: changed(&before.columns, &after.columns),
        columns: columns(id, after, &people),
        sequence,
        last: last(log, connection, actor, id, sequence).await?,
        marks: history::times(connection, account, &marked(&steps)).await?,
        steps,
    })
}

fn marked(steps: &Steps) -> Vec<i64> {
    let Some((first, newest)) = steps.first.zip(steps.newest) else { return Vec::new() };
    let mut marked: Vec<i64> =
        (0..=PARTS).map(|part| first + (newest - first) * part / PARTS).collect();
    marked.dedup();
    marked
}

/// The last change of a board by a point, with what it names.
async fn last(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    id: BoardId,
    sequence: i64,
) -> Result<Feed> {
    let (account, admin) = (actor.account.id, actor.administers());
    let kinds: Vec<&Kind> =
        KINDS.iter().copied().filter(|kind| admin || !kind.shows.admins_only).collect();
    let page = Page::newest(Scope::board(id), 1, kinds);
    let page = Page { from: From::Before(sequence.saturating_add(1)), ..page };
    let activities = history::page_on(log, connection, account, &page).await?;
    let people = feed::people(&mut *connection, account, &activities).await?;
    let gone = Gone::of(connection, account, &activities).await?;
    Ok(Feed { activities, people, gone, next: None })
}

/// Those whose work the cards were, as they are called now.
async fn people(
    connection: &mut PgConnection,
    account: AccountId,
    board: &BoardAsItWas,
) -> Result<HashMap<UserId, User>> {
    let ids: BTreeSet<UserId> =
        board.cards.values().flat_map(|card| &card.assignees).copied().collect();
    let ids: Vec<UserId> = ids.into_iter().collect();
    users::some_or_former(connection, account, &ids).await
}

/// What was other before, or not there.
fn changed<K: Ord + Copy, V: PartialEq>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> BTreeSet<K> {
    let changed = after.iter().filter(|(id, thing)| before.get(id) != Some(thing));
    changed.map(|(id, _)| *id).collect()
}

/// The board itself; who made it is what no event of the system says.
fn board(now: &Board, was: &BoardAsItWas) -> Board {
    let chosen = i64::try_from(was.chosen.len()).unwrap_or(i64::MAX);
    Board {
        id: now.id,
        name: was.name.clone(),
        color: was.color.unwrap_or(Color::Stone),
        access: was.access,
        viewers: (was.access == BoardAccess::Chosen).then_some(chosen),
        creator_id: was.made.and_then(|made| made.by).unwrap_or(now.creator_id),
        created_at: was.made.map_or(now.created_at, |made| made.at),
        archived_at: was.archived.map(|archived| archived.at),
    }
}

fn columns(id: BoardId, was: BoardAsItWas, people: &HashMap<UserId, User>) -> Vec<PastColumn> {
    let BoardAsItWas { columns, cards, tags, .. } = was;
    let tags: BTreeMap<_, _> = tags
        .into_iter()
        .map(|(id, tag)| (id, Tag { id, name: tag.name, color: tag.color }))
        .collect();
    let mut cards: Vec<(CardId, CardAsItWas)> = cards.into_iter().collect();
    cards.sort_by(|(id, card), (other_id, other)| (&card.rank, id).cmp(&(&other.rank, other_id)));
    let mut columns: Vec<_> = columns.into_iter().collect();
    columns.sort_by(|(id, column), (other_id, other)| {
        (&column.rank, id).cmp(&(&other.rank, other_id))
    });
    let mut shown: Vec<PastColumn> = columns
        .into_iter()
        .map(|(column_id, column)| PastColumn {
            column: Column { id: column_id, board_id: id, name: column.name, color: column.color },
            open: Vec::new(),
            closed: Vec::new(),
        })
        .collect();
    for (id, card) in cards {
        let column = shown.iter_mut().find(|shown| shown.column.id == card.column_id);
        let Some(column) = column else { continue };
        let marks = card.tags.iter().filter_map(|id| tags.get(id)).cloned().collect();
        let closed = card.closed;
        let face = face(id, card, marks, people);
        match closed {
            Some(since) => column.closed.push((face, since)),
            None => column.open.push(face),
        }
    }
    shown
}

fn face(
    id: CardId,
    card: CardAsItWas,
    mut tags: Vec<Tag>,
    people: &HashMap<UserId, User>,
) -> CardFace {
    tags.sort_by_cached_key(|tag| tag.name.to_lowercase());
    let assignees = card.assignees.iter().map(|id| match people.get(id) {
        Some(user) => Assignee { id: *id, name: user.name.clone(), color: user.color },
        None => Assignee { id: *id, name: FORMER_MEMBER.to_owned(), color: Color::Stone },
    });
    CardFace {
        id,
        number: card.number,
        column_id: card.column_id,
        title: card.title,
        comments: card.comments,
        tags,
        assignees: assignees.collect(),
        changed: None,
    }
}
