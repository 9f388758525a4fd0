//! The point of the log at which somebody wants to see a board.

use sqlx::PgConnection;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};

use super::find;
use crate::domain::{Actor, Error, FieldError, Result};
use crate::events::history;
use crate::values::id::BoardId;
use crate::values::{At, clock};

/// The field that names a point.
const FIELD: &str = "at";

/// Fields of forms know whole seconds, and what happened within the last one is asked for too.
const GRACE: Duration = Duration::SECOND;

/// A point of the account's log, at which a board was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its number.
    pub sequence: i64,
    /// Why it is not the one that was asked for, but the nearest that there is.
    pub refused: Option<FieldError>,
}

impl Point {
    fn instead(sequence: i64, why: impl Into<String>) -> Self {
        let refused = FieldError { field: FIELD, message: why.into() };
        Self { sequence, refused: Some(refused) }
    }

    /// The same, if it is the one that was asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] says why it is not.
    pub fn exactly(self) -> Result<Self> {
        match self.refused {
            Some(refused) => Err(Error::Invalid(vec![refused])),
            None => Ok(self),
        }
    }
}

/// The point that somebody names, or the nearest one at which the board was there.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them now.
pub async fn point(
    connection: &mut PgConnection,
    actor: &Actor,
    id: BoardId,
    named: &str,
) -> Result<Point> {
    let (board, account) = (find(&mut *connection, actor, id).await?, actor.account.id);
    let head = history::head(&mut *connection, account).await?;
    let steps = history::steps(&mut *connection, account, id, head).await?;
    let (first, newest) = (steps.first.unwrap_or(head), steps.newest.unwrap_or(head));
    let at = match At::parse(named, &actor.zone) {
        Ok(at) => at,
        Err(invalid) => return Ok(Point::instead(newest, invalid.to_string())),
    };
    let sequence = match at {
        At::Newest => newest,
        At::Sequence(sequence) if sequence > head => {
            return Ok(Point::instead(newest, format!("The log goes up to {head} so far.")));
        }
        At::Sequence(sequence) => sequence,
        At::Time(time) if time > clock::now() + GRACE => {
            return Ok(Point::instead(newest, "This time is still to come."));
        }
        At::Time(time) => history::by_time(connection, account, time).await?.unwrap_or(0),
    };
    if sequence < first {
        let made = in_words(board.created_at);
        let why = format!("This board was made on {made}, as number {first} of the log.");
        return Ok(Point::instead(first, why));
    }
    Ok(Point { sequence, refused: None })
}

fn in_words(time: OffsetDateTime) -> String {
    let words = format_description!(
        "[day padding:none] [month repr:long] [year] at [hour]:[minute]:[second] UTC"
    );
    time.to_offset(UtcOffset::UTC).format(words).unwrap_or_default()
}
