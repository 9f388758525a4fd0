//! Cards that were deleted: what is left of them is what the log says.

use sqlx::PgConnection;

use super::{Actor, Error, Result};
use crate::domain::boards;
use crate::events::kinds::card_deleted;
use crate::events::{Activity, Log, Part, history};
use crate::values::id::CardId;

/// A card that was deleted.
#[derive(Debug, Clone)]
pub struct Deleted {
    /// The id it had.
    pub id: CardId,
    /// The number it had; it is not given again.
    pub number: i64,
    /// The title it had last.
    pub title: String,
    /// How it went.
    pub deletion: Activity,
}

/// The card that had this number, for whoever sees the board that it was on.
///
/// # Errors
/// [`Error::NotFound`] when none such was deleted.
pub async fn gone(
    log: &Log,
    connection: &mut PgConnection,
    actor: &Actor,
    number: i64,
) -> Result<Deleted> {
    let account = actor.account.id;
    let event = card_deleted::of_number(&mut *connection, account, number).await?;
    let event = [event.ok_or(Error::NotFound)?];
    let deletion = history::find_on(log, &mut *connection, account, &event).await?.pop();
    let deletion = deletion.ok_or(Error::NotFound)?;
    let place = deletion.event.place();
    let (Some(board), Some((id, number))) = (place.board, place.card) else {
        return Err(Error::NotFound);
    };
    boards::find(connection, actor, board).await?;
    let title = title(&deletion).unwrap_or_default();
    Ok(Deleted { id, number, title, deletion })
}

fn title(activity: &Activity) -> Option<String> {
    activity.sentence.parts.iter().find_map(|part| match part {
        Part::Card { title, .. } => Some(title.clone()),
        _ => None,
    })
}
