//! The audit of an account: all that ever happened in it, for its admins, with who did it, when, and
//! from where.

mod entry;
pub mod export;
mod filter;

use std::collections::HashMap;

use sqlx::PgConnection;

pub use self::entry::Entry;
pub use self::filter::Filter;
use super::boards::Sight;
use super::feed::Gone;
use super::restorations::Undone;
use super::{Actor, Error, Origins, Result, users};
use crate::events::Log;
use crate::events::history::{self, Stretch};
use crate::events::sentence::People;
use crate::values::id::{AccountId, BoardId, UserId};

/// How many entries a page of an audit has.
pub const PAGE: i64 = 50;

/// A part of the log, with what is known now of those it names.
#[derive(Debug, Clone, Default)]
pub struct Audited {
    /// The entries, the newest first.
    pub entries: Vec<Entry>,
    /// What the people in them are called now.
    pub people: People,
    /// What the boards that whoever asks sees are called now.
    pub boards: HashMap<BoardId, String>,
    /// What they name and is there no more; only a page knows.
    pub gone: Gone,
    /// From where they were done.
    pub origins: Origins,
    /// What was undone by what; only a page knows.
    pub undone: Undone,
    /// Where the next part begins: before this sequence, if there may be more.
    pub next: Option<i64>,
}

/// A page of the log that a filter lets through, or of what came before a sequence. It may be
/// shorter than others and yet not the last one: it looks at so much of the log only.
///
/// # Errors
/// [`Error::Forbidden`] for those who are no admins; [`Error::Invalid`] names what is asked for and
/// does not exist for them.
pub async fn page(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
    before: Option<i64>,
) -> Result<Audited> {
    let mut audited = part(log, &mut *connection, actor, sight, filter, (before, PAGE)).await?;
    let told = audited.entries.iter().filter_map(|entry| entry.activity.clone());
    let account = actor.account.id;
    audited.gone = Gone::of(&mut *connection, account, &told.collect::<Vec<_>>()).await?;
    let headers = audited.entries.iter().map(|entry| &entry.header);
    audited.undone = Undone::of(connection, account, headers).await?;
    Ok(audited)
}

/// So many entries at most, before a sequence.
async fn part(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
    (before, limit): (Option<i64>, i64),
) -> Result<Audited> {
    actor.may_administer()?;
    let account = actor.account.id;
    let narrowing = filter.narrowing(log, &mut *connection, actor, sight).await?;
    check_place(&mut *connection, account, before).await?;
    let stretch = history::walk(log, &mut *connection, account, &narrowing, before, limit).await?;
    described(connection, actor, sight, stretch).await
}

/// A place in the log that it never had is of another log, or made up.
async fn check_place(
    connection: &mut PgConnection,
    account: AccountId,
    before: Option<i64>,
) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    match (1..=history::head(connection, account).await? + 1).contains(&before) {
        true => Ok(()),
        false => Err(Error::invalid("before", "There is no such page of this log.")),
    }
}

/// What was found, as far as whoever asks may know of it, with the names in it.
async fn described(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    Stretch { activities, next }: Stretch,
) -> Result<Audited> {
    let account = actor.account.id;
    let entries = activities.into_iter().map(|activity| Entry::seen(activity, sight));
    let entries: Vec<Entry> = entries.collect();
    let mut people: Vec<UserId> = entries.iter().flat_map(Entry::people).collect();
    people.sort_unstable();
    people.dedup();
    let origins = entries.iter().map(|entry| &entry.header);
    Ok(Audited {
        people: users::names(&mut *connection, account, &people).await?,
        origins: Origins::of(connection, actor, origins).await?,
        boards: sight.seen.iter().map(|board| (board.id, board.name.clone())).collect(),
        gone: Gone::default(),
        undone: Undone::default(),
        entries,
        next,
    })
}
