//! Reading the log back: pages of activities with their typed events.
//!
//! A page is one query for the activities and at most one for each kind that is not in the
//! process yet, however many rows it has.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::PgPool;

use super::{Event, Header, Kind, Log, Source};
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
}

impl Activity {
    /// The people it names: its creator and those in its sentence.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let named: Vec<UserId> = self.event.sentence().people().collect();
        self.header.creator_id.into_iter().chain(named)
    }
}

/// Whose log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole account's.
    Account,
    /// One board's.
    Board(BoardId),
    /// One card's.
    Card(CardId),
}

/// Where a page begins, and which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The newest first.
    Newest,
    /// Those before this sequence, the newest first.
    Before(i64),
    /// Those after this sequence, the oldest first.
    After(i64),
}

/// Which activities are read.
#[derive(Debug, Clone)]
pub struct Page {
    /// Whose log.
    pub scope: Scope,
    /// From where.
    pub from: From,
    /// How many at most.
    pub limit: i64,
    /// Only of these kinds.
    pub kinds: Vec<&'static Kind>,
}

struct Row {
    sequence: i64,
    id: EventId,
    subject_type: String,
    creator_id: Option<UserId>,
    board_id: Option<BoardId>,
    card_id: Option<CardId>,
    cause_id: Option<EventId>,
    source: Source,
    token_id: Option<TokenId>,
    address_id: Option<AddressId>,
    created_at: time::OffsetDateTime,
}

/// The number of the account's newest activity; 0 for an account that has none.
///
/// # Errors
/// A database that fails.
pub async fn head(pool: &PgPool, account: AccountId) -> sqlx::Result<i64> {
    let head = sqlx::query_scalar!(
        "select sequence from account_heads where account_id = $1",
        account as _
    );
    Ok(head.fetch_optional(pool).await?.unwrap_or(0))
}

/// A page of the log.
///
/// # Errors
/// A database that fails.
pub async fn page(log: &Log, account: AccountId, page: &Page) -> sqlx::Result<Vec<Activity>> {
    let kinds: Vec<&str> = page.kinds.iter().map(|kind| kind.name).collect();
    let pool = log.pool();
    let (scope, limit) = (page.scope, page.limit);
    let rows = match page.from {
        From::Newest => newest(pool, account, scope, i64::MAX, &kinds, limit).await?,
        From::Before(sequence) => newest(pool, account, scope, sequence, &kinds, limit).await?,
        From::After(sequence) => oldest(pool, account, scope, sequence, &kinds, limit).await?,
    };
    with_events(log, account, rows).await
}

/// Some activities by their ids, the newest first.
///
/// # Errors
/// A database that fails.
pub async fn find(log: &Log, account: AccountId, ids: &[EventId]) -> sqlx::Result<Vec<Activity>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select sequence, id as "id: EventId", subject_type, creator_id as "creator_id: UserId",
               board_id as "board_id: BoardId", card_id as "card_id: CardId",
               cause_id as "cause_id: EventId", source as "source: Source",
               token_id as "token_id: TokenId", address_id as "address_id: AddressId", created_at
           from activities where account_id = $1 and id = any($2) order by sequence desc"#,
        account as _,
        ids as _,
    );
    let rows = rows.fetch_all(log.pool()).await?;
    with_events(log, account, rows).await
}

/// The newest rows before a sequence.
///
/// A board that has gone quiet must be as fast as a busy one: compared as one row value, board
/// and sequence make the planner walk their own index instead of the account's whole log.
async fn newest(
    pool: &PgPool,
    account: AccountId,
    scope: Scope,
    before: i64,
    kinds: &[&str],
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    match scope {
        Scope::Account => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and sequence < $2 and subject_type = any($3)
                   order by sequence desc limit $4"#,
                account as _,
                before,
                kinds as _,
                limit,
            )
            .fetch_all(pool)
            .await
        }
        Scope::Board(board) => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and board_id >= $2 and (board_id, sequence) < ($2, $3)
                     and subject_type = any($4)
                   order by board_id desc, sequence desc limit $5"#,
                account as _,
                board as _,
                before,
                kinds as _,
                limit,
            )
            .fetch_all(pool)
            .await
        }
        Scope::Card(card) => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and card_id >= $2 and (card_id, sequence) < ($2, $3)
                     and subject_type = any($4)
                   order by card_id desc, sequence desc limit $5"#,
                account as _,
                card as _,
                before,
                kinds as _,
                limit,
            )
            .fetch_all(pool)
            .await
        }
    }
}

/// The oldest rows after a sequence.
async fn oldest(
    pool: &PgPool,
    account: AccountId,
    scope: Scope,
    after: i64,
    kinds: &[&str],
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let (board, card) = match scope {
        Scope::Account => (None, None),
        Scope::Board(board) => (Some(board), None),
        Scope::Card(card) => (None, Some(card)),
    };
    sqlx::query_as!(
        Row,
        r#"select sequence, id as "id: EventId", subject_type, creator_id as "creator_id: UserId",
               board_id as "board_id: BoardId", card_id as "card_id: CardId",
               cause_id as "cause_id: EventId", source as "source: Source",
               token_id as "token_id: TokenId", address_id as "address_id: AddressId", created_at
           from activities
           where account_id = $1 and sequence > $2 and subject_type = any($3)
             and ($4::uuid is null or board_id = $4) and ($5::uuid is null or card_id = $5)
           order by sequence limit $6"#,
        account as _,
        after,
        kinds as _,
        board as _,
        card as _,
        limit,
    )
    .fetch_all(pool)
    .await
}

/// Puts the typed events to their activities: from the cache, else one query a kind.
async fn with_events(log: &Log, account: AccountId, rows: Vec<Row>) -> sqlx::Result<Vec<Activity>> {
    let mut events: HashMap<EventId, Arc<dyn Event>> =
        rows.iter().filter_map(|row| Some((row.id, log.cache().get(account, row.id)?))).collect();
    let mut missing: HashMap<&str, Vec<EventId>> = HashMap::new();
    for row in rows.iter().filter(|row| !events.contains_key(&row.id)) {
        missing.entry(&row.subject_type).or_default().push(row.id);
    }
    if !missing.is_empty() {
        let mut connection = log.pool().acquire().await?;
        for (name, ids) in missing {
            // A newer version of Cairn beside this one may record kinds that are unknown here.
            let Some(kind) = Kind::by_name(name) else { continue };
            for (id, event) in (kind.load)(&mut connection, account, &ids).await? {
                log.cache().put(account, id, Arc::clone(&event));
                events.insert(id, event);
            }
        }
    }
    let activities = rows.into_iter().filter_map(|row| {
        let event = Arc::clone(events.get(&row.id)?);
        Some(Activity { sequence: row.sequence, header: row.header(account), event })
    });
    Ok(activities.collect())
}

impl Row {
    fn header(self, account_id: AccountId) -> Header {
        Header {
            account_id,
            id: self.id,
            creator_id: self.creator_id,
            board_id: self.board_id,
            card_id: self.card_id,
            cause_id: self.cause_id,
            source: self.source,
            token_id: self.token_id,
            address_id: self.address_id,
            created_at: self.created_at,
        }
    }
}
