//! What somebody may read of the log: feeds of the account and its boards, histories of cards.

mod filter;
mod gone;
pub mod reading;

use sqlx::{PgConnection, PgExecutor};

pub use self::filter::Filter;
pub use self::gone::Gone;
use super::boards::Sight;
use super::{Actor, Error, Result, boards, cards, users};
use crate::events::history::{self, From, Page, Scope};
use crate::events::sentence::People;
use crate::events::{Activity, KINDS, Kind, Log};
use crate::values::id::{AccountId, BoardId, CardId, EventId, UserId};

/// How many lines a page of a feed has.
pub const PAGE: i64 = 50;

/// A page of activities, with what is known now of those they name.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The activities, in the order asked for.
    pub activities: Vec<Activity>,
    /// What the people in them are called now.
    pub people: People,
    /// What they name and is there no more.
    pub gone: Gone,
    /// Where the next page begins: the sequence of the last one here, if there may be more.
    pub next: Option<i64>,
}

/// The newest lines of the account's feed that a filter lets through, or those before a sequence.
///
/// # Errors
/// [`super::Error::Invalid`] names what the filter asks for and does not exist for them.
pub async fn filtered(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
    before: Option<i64>,
) -> Result<Feed> {
    let page = filter.page(connection, actor, sight, from(before), PAGE, in_feed()).await?;
    read(log, connection, actor, page).await
}

/// A page of the log that a filter lets through, with what no feed shows too; what concerns admins
/// only is for them.
///
/// # Errors
/// [`super::Error::Invalid`] names what the filter asks for and does not exist for them.
pub async fn log(
    log: &Log,
    actor: &Actor,
    filter: &Filter,
    from: From,
    limit: i64,
) -> Result<Feed> {
    let admin = actor.administers();
    let kinds = KINDS.iter().copied().filter(|kind| admin || !kind.shows.admins_only).collect();
    let mut connection = log.pool().acquire().await?;
    let sight = Sight::of(&mut *connection, actor).await?;
    let page = filter.page(&mut connection, actor, &sight, from, limit, kinds).await?;
    read(log, &mut connection, actor, page).await
}

/// One activity, read as the log reads it.
///
/// # Errors
/// [`super::Error::NotFound`] when the log shows them none such.
pub async fn find(log: &Log, actor: &Actor, id: EventId) -> Result<Activity> {
    of_one(log, actor, id).await?.activities.pop().ok_or(Error::NotFound)
}

/// The same with what is known now of those it names.
///
/// # Errors
/// [`Error::NotFound`] when the log shows them none such.
pub async fn of_one(log: &Log, actor: &Actor, id: EventId) -> Result<Feed> {
    let found = history::find(log, actor.account.id, &[id]).await?.pop().ok_or(Error::NotFound)?;
    let from = From::After(found.sequence - 1);
    let feed = self::log(log, actor, &Filter::default(), from, 1).await?;
    let is_it = feed.activities.iter().all(|activity| activity.header.id == id);
    if is_it && !feed.activities.is_empty() { Ok(feed) } else { Err(Error::NotFound) }
}

/// The newest lines of a board's feed.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such board for them.
pub async fn of_board(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    board: BoardId,
) -> Result<Feed> {
    boards::find(&mut *connection, actor, board).await?;
    let page = Page::newest(Scope::board(board), PAGE, in_feed());
    read(log, connection, actor, page).await
}

/// What happened to a card, the newest first: all of it, the small things too.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn of_card(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    number: i64,
    before: Option<i64>,
) -> Result<Feed> {
    let card = cards::find(&mut *connection, actor, number).await?;
    history_of(log, connection, actor, card.id, from(before), PAGE).await
}

/// A page of the history of a card that somebody sees, but for what happened to it on boards that
/// they do not see.
///
/// # Errors
/// A database that fails.
pub async fn history_of(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    card: CardId,
    from: From,
    limit: i64,
) -> Result<Feed> {
    let without = boards::hidden(&mut *connection, actor).await?;
    let page = Page::newest(Scope::Card(card), limit, in_audit());
    read(log, connection, actor, Page { from, without, ..page }).await
}

/// A page of the history of a board that somebody sees: all that happened on it, the small things too.
///
/// # Errors
/// A database that fails.
pub async fn history_of_board(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    board: BoardId,
    from: From,
) -> Result<Feed> {
    let page = Page::newest(Scope::board(board), PAGE, in_audit());
    read(log, connection, actor, Page { from, ..page }).await
}

async fn read(log: &Log, connection: &mut PgConnection, actor: &Actor, page: Page) -> Result<Feed> {
    let account = actor.account.id;
    let activities = history::page_on(log, connection, account, &page).await?;
    let people = people(&mut *connection, account, &activities).await?;
    let gone = Gone::of(connection, account, &activities).await?;
    let full = i64::try_from(activities.len()).is_ok_and(|length| length == page.limit);
    let next = activities.last().filter(|_| full).map(|activity| activity.sequence);
    Ok(Feed { activities, people, gone, next })
}

/// What the people in some activities are called now, in one query.
///
/// # Errors
/// A database that fails.
pub async fn people(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    activities: &[Activity],
) -> sqlx::Result<People> {
    let mut ids: Vec<UserId> = activities.iter().flat_map(Activity::people).collect();
    ids.sort_unstable();
    ids.dedup();
    users::names(executor, account, &ids).await
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
