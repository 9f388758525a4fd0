//! Reading the log back: pages of activities with their typed events.
//!
//! A page is one query for the activities and at most one for each kind that is not in the
//! process yet, however many rows it has.

mod board;
mod lanes;
mod narrowing;
mod newest;
mod oldest;
mod page;
mod row;
mod span;
mod walk;
mod walked;

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

pub use self::board::Steps;
pub use self::narrowing::Narrowing;
pub use self::page::{From, Page, Scope};
use self::row::Row;
use self::span::Span;
pub use self::walk::{FOR_EVER, Stretch, walk};
use super::{Event, Header, Kind, Log, Sentence, Source};
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// An entry of the log: a typed event, and its number in the account.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its number: without gaps, in the order of commits, the cursor of everything.
    pub sequence: i64,
    /// What is known of it, whatever its kind.
    pub header: Header,
    /// The typed event.
    pub event: Arc<dyn Event>,
    /// What it says, made once: a page asks for it again and again.
    pub sentence: Arc<Sentence>,
}

impl Activity {
    /// An entry with what its event says.
    pub fn new(sequence: i64, header: Header, event: Arc<dyn Event>) -> Self {
        let sentence = Arc::new(event.sentence());
        Self { sequence, header, event, sentence }
    }

    /// The people it names: its creator and those in its sentence.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.header.creator_id.into_iter().chain(self.sentence.people())
    }
}

/// The number of the account's newest activity; 0 for an account that has none.
///
/// # Errors
/// A database that fails.
pub async fn head(executor: impl PgExecutor<'_>, account: AccountId) -> sqlx::Result<i64> {
    let head = sqlx::query_scalar!(
        "select sequence from account_heads where account_id = $1",
        account as _
    );
    Ok(head.fetch_optional(executor).await?.unwrap_or(0))
}

/// The sequences around a span of time, neither included: what was recorded in it lies between them,
/// and near them perhaps what was not.
///
/// # Errors
/// A database that fails.
pub async fn around(
    connection: &mut PgConnection,
    account: AccountId,
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> sqlx::Result<(i64, i64)> {
    let span = Span::around(connection, account, since, until).await?;
    Ok((span.after, span.before))
}

/// A page of the log.
///
/// # Errors
/// A database that fails.
pub async fn page(log: &Log, account: AccountId, page: &Page) -> sqlx::Result<Vec<Activity>> {
    let mut connection = log.pool().acquire().await?;
    page_on(log, &mut connection, account, page).await
}

/// The same on a connection that whoever asks has already.
///
/// # Errors
/// A database that fails.
pub async fn page_on(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    page: &Page,
) -> sqlx::Result<Vec<Activity>> {
    let span = Span::of(connection, account, page).await?;
    let rows = match page.from {
        From::Newest | From::Before(_) => newest::rows(connection, account, page, span).await?,
        From::After(_) => oldest::rows(connection, account, page, span).await?,
    };
    with_events(log, connection, account, rows, true).await
}

/// A piece of a board's own log, with what reached the board though it happened on none.
#[derive(Debug)]
pub struct Piece {
    /// The activities, the oldest first.
    pub activities: Vec<Activity>,
    /// Up to which sequence it was read.
    pub up_to: i64,
    /// Whether all that was recorded is there: a newer version of Cairn records kinds that are
    /// unknown here.
    pub is_whole: bool,
}

/// The oldest piece of what changed a board after one sequence and up to another: at most so many.
///
/// # Errors
/// A database that fails.
pub async fn of_board(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
    (after, up_to): (i64, i64),
    limit: i64,
) -> sqlx::Result<Piece> {
    let rows = board::rows(connection, account, id, (after, up_to), limit).await?;
    let is_last = i64::try_from(rows.len()).is_ok_and(|length| length < limit);
    let up_to = rows.last().filter(|_| !is_last).map_or(up_to, |row| row.sequence);
    let read = rows.len();
    let activities = with_events(log, connection, account, rows, false).await?;
    Ok(Piece { is_whole: activities.len() == read, activities, up_to })
}

/// What happened to some cards after one sequence and up to another, the oldest first: at most so many.
///
/// # Errors
/// A database that fails.
pub async fn of_cards(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    cards: &[CardId],
    (after, up_to): (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<Activity>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select sequence, id as "id: EventId", subject_type, creator_id as "creator_id: UserId",
               board_id as "board_id: BoardId", card_id as "card_id: CardId",
               cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId", source as "source: Source",
               token_id as "token_id: TokenId", address_id as "address_id: AddressId", created_at
           from activities
           where account_id = $1 and card_id = any($2) and sequence > $3 and sequence <= $4
           order by sequence limit $5"#,
        account as _,
        cards as _,
        after,
        up_to,
        limit,
    );
    let rows = rows.fetch_all(&mut *connection).await?;
    with_events(log, connection, account, rows, false).await
}

/// The sequences of a board's own events around a point of the account's log.
///
/// # Errors
/// A database that fails.
pub async fn steps(
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
    sequence: i64,
) -> sqlx::Result<Steps> {
    board::steps(connection, account, id, sequence).await
}

/// When the activities of some numbers were recorded, in their order.
///
/// # Errors
/// A database that fails.
pub async fn times(
    connection: &mut PgConnection,
    account: AccountId,
    sequences: &[i64],
) -> sqlx::Result<Vec<OffsetDateTime>> {
    board::times(connection, account, sequences).await
}

/// The number of the newest activity that was recorded by a time; none before the first.
///
/// # Errors
/// A database that fails.
pub async fn by_time(
    connection: &mut PgConnection,
    account: AccountId,
    time: OffsetDateTime,
) -> sqlx::Result<Option<i64>> {
    board::by_time(connection, account, time).await
}

/// Some activities by their ids, the newest first.
///
/// # Errors
/// A database that fails.
pub async fn find(log: &Log, account: AccountId, ids: &[EventId]) -> sqlx::Result<Vec<Activity>> {
    let mut connection = log.pool().acquire().await?;
    find_on(log, &mut connection, account, ids).await
}

/// The same on a connection that whoever asks has already.
///
/// # Errors
/// A database that fails.
pub async fn find_on(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    ids: &[EventId],
) -> sqlx::Result<Vec<Activity>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select sequence, id as "id: EventId", subject_type, creator_id as "creator_id: UserId",
               board_id as "board_id: BoardId", card_id as "card_id: CardId",
               cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId", source as "source: Source",
               token_id as "token_id: TokenId", address_id as "address_id: AddressId", created_at
           from activities where account_id = $1 and id = any($2) order by sequence desc"#,
        account as _,
        ids as _,
    );
    let rows = rows.fetch_all(&mut *connection).await?;
    with_events(log, connection, account, rows, true).await
}

/// Puts the typed events to their activities: from the cache, else one query a kind. Whoever passes
/// through the whole log keeps none of them, so that those that pages show stay in the cache.
async fn with_events(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    rows: Vec<Row>,
    kept: bool,
) -> sqlx::Result<Vec<Activity>> {
    let mut events: HashMap<EventId, Arc<dyn Event>> =
        rows.iter().filter_map(|row| Some((row.id, log.cache().get(account, row.id)?))).collect();
    let mut missing: HashMap<&str, Vec<EventId>> = HashMap::new();
    for row in rows.iter().filter(|row| !events.contains_key(&row.id)) {
        missing.entry(&row.subject_type).or_default().push(row.id);
    }
    let mut forgotten = log.cache().forgotten();
    for (name, ids) in missing {
        // A newer version of Cairn beside this one may record kinds that are unknown here.
        let Some(kind) = Kind::by_name(name) else { continue };
        let loaded = (kind.load)(connection, account, &ids).await?;
        // Another process erased something. What was loaded before may hold it still.
        if loaded.iter().any(|(_, event)| event.erases().is_some()) {
            log.forget(Some(account));
            forgotten = log.cache().forgotten();
        }
        for (id, event) in loaded {
            if kept {
                log.cache().put_read(forgotten, account, id, Arc::clone(&event));
            }
            events.insert(id, event);
        }
    }
    let activities = rows.into_iter().filter_map(|row| {
        let event = Arc::clone(events.get(&row.id)?);
        Some(Activity::new(row.sequence, row.header(account), event))
    });
    Ok(activities.collect())
}
