//! What somebody may read of the log: feeds of the account and its boards, histories of cards.

use sqlx::PgPool;

use super::{Actor, Result, boards, cards, users};
use crate::events::history::{self, From, Page, Scope};
use crate::events::sentence::People;
use crate::events::{Activity, KINDS, Kind, Log};
use crate::values::id::{AccountId, BoardId, UserId};

/// How many lines a page of a feed has.
pub const PAGE: usize = 50;

/// A page of activities, with the names of the people in it.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The activities, in the order asked for.
    pub activities: Vec<Activity>,
    /// What the people in them are called now.
    pub people: People,
    /// Where the next page begins: the sequence of the last one here, if there may be more.
    pub next: Option<i64>,
}

/// The newest activities of the account, or those before a sequence.
///
/// # Errors
/// A database that fails.
pub async fn of_account(log: &Log, actor: &Actor, before: Option<i64>) -> Result<Feed> {
    read(log, actor, Scope::Account, from(before), PAGE, in_feed()).await
}

/// The newest activities of a board, or those before a sequence.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such board for them.
pub async fn of_board(
    log: &Log,
    actor: &Actor,
    board: BoardId,
    before: Option<i64>,
) -> Result<Feed> {
    boards::find(log.pool(), actor, board).await?;
    read(log, actor, Scope::Board(board), from(before), PAGE, in_feed()).await
}

/// What happened to a card, the newest first: all of it, the small things too.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn of_card(log: &Log, actor: &Actor, number: i64, before: Option<i64>) -> Result<Feed> {
    let card = cards::find(log.pool(), actor, number).await?;
    read(log, actor, Scope::Card(card.id), from(before), PAGE, in_audit()).await
}

/// A page of the log as the API gives it.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such board for them.
pub async fn read(
    log: &Log,
    actor: &Actor,
    scope: Scope,
    from: From,
    limit: usize,
    kinds: Vec<&'static Kind>,
) -> Result<Feed> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let page = Page { scope, from, limit, kinds };
    let activities = history::page(log, actor.account.id, &page).await?;
    let people = people(log.pool(), actor.account.id, &activities).await?;
    let full = i64::try_from(activities.len()).is_ok_and(|length| length == limit);
    let next = activities.last().filter(|_| full).map(|activity| activity.sequence);
    Ok(Feed { activities, people, next })
}

/// What the people in some activities are called now, in one query.
///
/// # Errors
/// A database that fails.
pub async fn people(pool: &PgPool, account: AccountId, activities: &[Activity]) -> Result<People> {
    let mut ids: Vec<UserId> = activities.iter().flat_map(Activity::people).collect();
    ids.sort_unstable();
    ids.dedup();
    users::names(pool, account, &ids).await
}

/// The kinds that feeds show.
pub fn in_feed() -> Vec<&'static Kind> {
    KINDS.iter().copied().filter(|kind| kind.shows.feed).collect()
}

/// The kinds that histories show.
pub fn in_audit() -> Vec<&'static Kind> {
    KINDS.iter().copied().filter(|kind| kind.shows.audit).collect()
}

fn from(before: Option<i64>) -> From {
    before.map_or(From::Newest, From::Before)
}
