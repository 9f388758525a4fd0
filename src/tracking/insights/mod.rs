//! What the reports of browsers add up to: the figures of the insights page.
//!
//! Every figure is read from what was counted when a report came (`tracking/store.sql`), so that a span of
//! many reports costs no more than one of few; only what is seen now, and how soon a change is seen,
//! is read from a few reports themselves. Days and hours are those of the account’s time zone.

mod boards;
mod cards;
mod days;
mod filter;
mod first_views;
mod hours;
mod now;
mod people;
mod table;
mod unopened;

use sqlx::PgConnection;

pub use boards::{BoardCounts, Boards};
pub use cards::{CardCounts, Reader};
pub use days::{Counts, DayCounts, Days};
pub use filter::{Filter, MOST_DAYS, Span};
pub use first_views::FirstViews;
pub use hours::Hours;
pub use now::{Now, now};
pub use people::{People, PersonCounts};
pub use table::Table;
pub use unopened::{Unopened, UnopenedCard};

use crate::domain::boards::Sight;
use crate::domain::users::User;
use crate::domain::{Actor, Error, Result};

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct Insights {
    /// Whether anything was ever reported in the account.
    pub any: bool,
    /// Day by day, and the sums.
    pub days: Days,
    /// Board by board.
    pub boards: Boards,
    /// Who looks, and who does.
    pub people: People,
    /// The hours of the week; none where they are not counted: of one board or person.
    pub hours: Option<Hours>,
    /// The cards that were opened most.
    pub cards: Vec<CardCounts>,
    /// The cards that were not.
    pub unopened: Unopened,
    /// How soon a change was seen.
    pub first_views: FirstViews,
}

/// Reads all of it.
///
/// # Errors
/// [`Forbidden`](crate::domain::Error::Forbidden) for those who are no admins;
/// [`NotFound`](crate::domain::Error::NotFound) for a board that they do not see, or a person who is
/// not shown: `people` are those who are.
pub async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    people: &[User],
    filter: &Filter,
) -> Result<Insights> {
    check(actor, sight, people, filter)?;
    Ok(Insights {
        any: hours::any(connection, actor).await?,
        days: days::read(connection, actor, filter).await?,
        boards: boards::read(connection, actor, sight, filter).await?,
        people: people::read(connection, actor, filter).await?,
        hours: hours::read(connection, actor, filter).await?,
        cards: cards::read(connection, actor, sight, filter).await?,
        unopened: unopened::read(connection, actor, sight, filter).await?,
        first_views: first_views::read(connection, actor, sight, filter).await?,
    })
}

/// One table as comma-separated values; no other figure is read.
///
/// # Errors
/// As of [`read`].
pub async fn csv(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    people: &[User],
    filter: &Filter,
    table: Table,
) -> Result<String> {
    check(actor, sight, people, filter)?;
    Ok(table.read(connection, actor, sight, filter).await?)
}

fn check(actor: &Actor, sight: &Sight, people: &[User], filter: &Filter) -> Result<()> {
    actor.may_administer()?;
    if let Some(board) = filter.board {
        sight.find(board)?;
    }
    match filter.person.is_none_or(|person| people.iter().any(|user| user.id == person)) {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}
