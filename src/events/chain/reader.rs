//! Reads the log of an account window by window, each event with its typed row.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use super::record::{Activity, Address, Parts};
use super::tables::{OfKind, Table, Tables};
use crate::values::id::AccountId;

/// An event as it is hashed.
#[derive(Debug)]
pub struct Record {
    /// Its number in the log.
    pub sequence: i64,
    /// The name of its kind.
    pub kind: String,
    /// One line of JSON.
    pub line: Vec<u8>,
    /// What is wrong with it, whatever its hash is.
    pub(super) faults: Vec<Fault>,
}

/// What can be wrong with an event by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NoKind,
    NoRow,
    NoAddress,
    Texts,
    Address,
}

/// Reads the log of one account.
#[derive(Debug)]
pub struct Reader {
    pool: PgPool,
    tables: Arc<Tables>,
    account: AccountId,
}

/// Some events in a row, as they were read.
#[derive(Debug)]
pub struct Window {
    account: AccountId,
    tables: Arc<Tables>,
    activities: Vec<Activity>,
    addresses: HashMap<Uuid, Address>,
    /// By the names of kinds.
    typed: HashMap<String, Typed>,
}

/// The typed rows of one kind and their details, by the ids of the events.
#[derive(Debug)]
struct Typed {
    rows: HashMap<Uuid, PgRow>,
    details: HashMap<Uuid, Vec<PgRow>>,
}

impl Reader {
    /// A reader of an account's log.
    pub fn new(pool: PgPool, tables: Arc<Tables>, account: AccountId) -> Self {
        Self { pool, tables, account }
    }

    /// The events behind a sequence, in order, at most so many.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn window(&self, after: i64, count: i64) -> sqlx::Result<Window> {
        let connection = &mut self.pool.acquire().await?;
        let activities = activities(connection, self.account, after, count).await?;
        let addresses = addresses(connection, self.account, &activities).await?;
        let mut typed = HashMap::new();
        for (kind, (first, last)) in spans(&activities) {
            if let Some(of_kind) = self.tables.of(kind) {
                let found = Typed::between(connection, of_kind, self.account, first, last);
                typed.insert(kind.to_owned(), found.await?);
            }
        }
        let (account, tables) = (self.account, Arc::clone(&self.tables));
        Ok(Window { account, tables, activities, addresses, typed })
    }
}

impl Window {
    /// The last sequence in it.
    pub fn last(&self) -> Option<i64> {
        self.activities.last().map(|activity| activity.sequence)
    }

    /// Each event as it is hashed.
    ///
    /// # Errors
    /// A value that is not what its column says.
    pub fn records(&self) -> impl Iterator<Item = sqlx::Result<Record>> {
        self.activities.iter().map(|activity| self.record(activity))
    }

    /// The same, each with its words and their salts as an object of JSON.
    ///
    /// # Errors
    /// A value that is not what its column says.
    pub fn records_with_words(&self) -> impl Iterator<Item = sqlx::Result<(Record, Vec<u8>)>> {
        self.activities
            .iter()
            .map(|activity| Ok((self.record(activity)?, self.parts(activity).words()?)))
    }

    fn parts<'a>(&'a self, activity: &'a Activity) -> Parts<'a> {
        let of_kind = self.tables.of(&activity.subject_type);
        let typed = self.typed.get(&activity.subject_type);
        let details = typed.and_then(|typed| typed.details.get(&activity.id));
        Parts {
            account: self.account.uuid(),
            activity,
            address: activity.address_id.and_then(|id| self.addresses.get(&id)),
            row: of_kind.zip(typed.and_then(|typed| typed.rows.get(&activity.id))),
            details: details.map_or(&[], Vec::as_slice),
        }
    }

    fn record(&self, activity: &Activity) -> sqlx::Result<Record> {
        let is_known = self.tables.of(&activity.subject_type).is_some();
        let parts = self.parts(activity);
        let wrong = [
            (!is_known, Fault::NoKind),
            (is_known && parts.row.is_none(), Fault::NoRow),
            (activity.address_id.is_some() && parts.address.is_none(), Fault::NoAddress),
            (!parts.texts_agree()?, Fault::Texts),
            (!parts.address_agrees(), Fault::Address),
        ];
        Ok(Record {
            sequence: activity.sequence,
            kind: activity.subject_type.clone(),
            line: parts.record()?,
            faults: wrong.into_iter().filter_map(|(is_so, fault)| is_so.then_some(fault)).collect(),
        })
    }
}

async fn activities(
    connection: &mut PgConnection,
    account: AccountId,
    after: i64,
    count: i64,
) -> sqlx::Result<Vec<Activity>> {
    sqlx::query_as!(
        Activity,
        "select sequence, id, subject_type, creator_id, board_id, card_id, cause_id, undoes_id, source,
             token_id, address_id, created_at
         from activities where account_id = $1 and sequence > $2 order by sequence limit $3",
        account as _,
        after,
        count,
    )
    .fetch_all(connection)
    .await
}

/// The addresses that the activities point at.
async fn addresses(
    connection: &mut PgConnection,
    account: AccountId,
    activities: &[Activity],
) -> sqlx::Result<HashMap<Uuid, Address>> {
    let mut ids: Vec<Uuid> = activities.iter().filter_map(|activity| activity.address_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query!(
        "select id, address, salt, digest from addresses where account_id = $1 and id = any($2)",
        account as _,
        &ids,
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    Ok(rows
        .map(|row| (row.id, Address { address: row.address, salt: row.salt, digest: row.digest }))
        .collect())
}

/// For each kind in a window the least and the greatest id of its events. Ids are made in order, so
/// hardly anything of another window lies between.
fn spans(activities: &[Activity]) -> HashMap<&str, (Uuid, Uuid)> {
    let mut spans: HashMap<&str, (Uuid, Uuid)> = HashMap::new();
    for Activity { subject_type, id, .. } in activities {
        let span = spans.entry(subject_type).or_insert((*id, *id));
        *span = (span.0.min(*id), span.1.max(*id));
    }
    spans
}

impl Typed {
    async fn between(
        connection: &mut PgConnection,
        of_kind: &OfKind,
        account: AccountId,
        first: Uuid,
        last: Uuid,
    ) -> sqlx::Result<Self> {
        let (mut rows, mut details) = (HashMap::new(), HashMap::<_, Vec<_>>::new());
        for row in select(connection, &of_kind.rows, account, first, last).await? {
            rows.insert(row.try_get(0)?, row);
        }
        if let Some(table) = &of_kind.details {
            for row in select(connection, table, account, first, last).await? {
                details.entry(row.try_get(0)?).or_default().push(row);
            }
        }
        Ok(Self { rows, details })
    }
}

async fn select(
    connection: &mut PgConnection,
    table: &Table,
    account: AccountId,
    first: Uuid,
    last: Uuid,
) -> sqlx::Result<Vec<PgRow>> {
    let query = sqlx::query(&table.select).bind(account).bind(first).bind(last);
    query.fetch_all(connection).await
}
